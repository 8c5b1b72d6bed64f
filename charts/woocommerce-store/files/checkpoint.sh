# Copies the shop, its database and its files, to where rollback.sh finds it. Leaves a copy that is there alone.
. /scripts/names.sh

if [ -n "$has_copy" ]; then
  echo 'There is a checkpoint already.'
  exit
fi
rm -rf "$STORE_DIR/.checkpoint"
mkdir "$STORE_DIR/.checkpoint"
for name in "${kept[@]}"; do
  cp -a "$STORE_DIR/$name" "$STORE_DIR/.checkpoint/"
done
sql -e "DROP DATABASE IF EXISTS \`$copy\`; CREATE DATABASE \`$copy\`"
dump "$DATABASE_NAME" | sql "$copy"
sql "$copy" -e "CREATE TABLE $mark (nothing INT)"
echo 'The shop is copied.'
