# Puts the copy in the shop's place, while the shop runs, and removes it. Does nothing where there is none.
. /scripts/names.sh

if [ -n "$has_copy" ]; then
  for name in "${kept[@]}"; do
    [ -d "$STORE_DIR/.checkpoint/$name" ] || continue # an earlier attempt has put it back
    if [ -d "$STORE_DIR/$name" ]; then
      rm -rf "$STORE_DIR/.discarded-$name"
      mv "$STORE_DIR/$name" "$STORE_DIR/.discarded-$name"
    fi
    mv "$STORE_DIR/.checkpoint/$name" "$STORE_DIR/$name"
  done
  # One statement, all or nothing, so that no page sees half a shop; and with the mark in it, so that it happens once.
  moves=()
  tables "$DATABASE_NAME" | while IFS= read -r table; do moves+=("\`$DATABASE_NAME\`.\`$table\` TO \`$copy\`.\`old_$table\`"); done
  tables "$copy" | while IFS= read -r table; do
    if [ "$table" = "$mark" ]; then
      moves+=("\`$copy\`.\`$mark\` TO \`$copy\`.\`old_$mark\`")
    else
      moves+=("\`$copy\`.\`$table\` TO \`$DATABASE_NAME\`.\`$table\`")
    fi
  done
  put_back="SET lock_wait_timeout = 10; RENAME TABLE $(IFS=,; printf %s "${moves[*]}")"
  # A connection that keeps a table for so long is stuck, and everybody else waits behind this statement.
  sql -e "$put_back" || { end_others; sql -e "$put_back"; }
  echo 'The shop is what it was.'
fi
sql -e "DROP DATABASE IF EXISTS \`$copy\`"
rm -rf "$STORE_DIR/.checkpoint" "$STORE_DIR"/.discarded-*
