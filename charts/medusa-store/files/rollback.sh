# Puts the copy in the shop's place, while the shop runs, and removes it. Does nothing where there is none.
. /scripts/names.sh

look
if has "$live" && has "$copy"; then
  trap open_live EXIT
  sql <<<"DROP DATABASE IF EXISTS \"$discarded\" WITH (FORCE);"
  # Files first: as long as the clone is there, an interrupted rollback begins again.
  if [ -d "$files/checkpoint" ]; then
    rm -rf "$files"/{restored,discarded}
    cp -a "$files/checkpoint" "$files/restored"
    [ ! -d "$files/live" ] || mv "$files/live" "$files/discarded"
    mv "$files/restored" "$files/live"
  fi
  while_empty "ALTER DATABASE \"$live\" RENAME TO \"$discarded\";
ALTER DATABASE \"$copy\" RENAME TO \"$live\";
ALTER DATABASE \"$live\" ALLOW_CONNECTIONS true;"
  echo 'The shop is what it was.'
fi
finish_rollback
