# What checkpoint and rollback have in common. A checkpoint is a clone of the shop's database on its own server and a copy of
# its uploads on their own volume. How far an interrupted one came is read from which databases there are:
#
#   live only          no checkpoint (or one whose clone was never finished: its files are rubbish)
#   live, copy         a checkpoint; whatever has happened since is still in live
#   copy, discarded    rolling back: live has been renamed away, its successor is not in its place yet
#   live, discarded    rolled back; the old one is rubbish that waits to be dropped
#
# PostgreSQL makes, renames and drops a database in one transaction each, so there is nothing in between.
set -euo pipefail

live=$DATABASE_NAME
copy=${live}_checkpoint
discarded=${live}_discarded
files=/uploads
export PGOPTIONS='-c client_min_messages=warning'

# Of an attempt that was killed, the last statement may still be running: wait for it.
lock='SELECT pg_advisory_lock(7231006);'

# Reads statements and runs them one by one; the first that fails ends it.
sql() { { echo '\o /dev/null'; echo "$lock"; echo '\o'; cat; } | psql --no-psqlrc -qAt --set ON_ERROR_STOP=1; }

# Asked here and not in a condition, where a server that can't be asked would count as one without databases.
look() { databases=" $(sql <<<'SELECT datname FROM pg_database' | tr '\n' ' ')"; }
has() { [[ $databases == *" $1 "* ]]; }

# Keeps everyone out of the live database for a statement that needs it empty. Clients get an error and come back.
while_empty() {
  for attempt in 1 2 3; do
    if sql <<SQL
ALTER DATABASE "$live" ALLOW_CONNECTIONS false;
DO \$\$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$live' AND usename = current_user; END \$\$;
$1
SQL
    then return; fi
    echo "Attempt $attempt failed." >&2
  done
  return 1
}

open_live() {
  sql <<SQL
ALTER DATABASE "$live" ALLOW_CONNECTIONS true;
REVOKE ALL ON DATABASE "$live" FROM PUBLIC;
SQL
}

# Brings an interrupted rollback to its end. Leaves a checkpoint alone whose rollback has not begun.
finish_rollback() {
  look
  if ! has "$live"; then
    has "$copy" && successor=$copy || successor=$discarded
    sql <<<"ALTER DATABASE \"$successor\" RENAME TO \"$live\";"
  elif has "$copy"; then
    return
  fi
  open_live
  rm -rf "$files"/{checkpoint,restored,discarded}
  sql <<<"DROP DATABASE IF EXISTS \"$discarded\" WITH (FORCE);"
}
