# Copies the shop, its database and its uploads, to where rollback.sh finds them. Leaves a copy that is there alone.
. /scripts/names.sh

finish_rollback
trap open_live EXIT
look
if has "$copy"; then
  echo 'There is a checkpoint already.'
  exit
fi
mkdir -p "$files/live"
rm -rf "$files/checkpoint"
cp -a "$files/live" "$files/checkpoint"
while_empty "CREATE DATABASE \"$copy\" TEMPLATE \"$live\" ALLOW_CONNECTIONS false;"
echo 'The shop is copied.'
