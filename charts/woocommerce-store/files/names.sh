# What checkpoint and rollback have in common. The copy is a second database on the shop's own server; the mark in it is
# made last, so that a copy without one is a copy that was interrupted.
set -euo pipefail
shopt -s lastpipe

copy="${DATABASE_NAME}_checkpoint"
mark=store_platform_checkpoint
kept=(uploads mail)
server=(--host="$DATABASE_HOST" --port="$DATABASE_PORT" --user="$DATABASE_USER")

sql() { "$(command -v mariadb || command -v mysql)" "${server[@]}" --batch --skip-column-names "$@"; }
dump() { "$(command -v mariadb-dump || command -v mysqldump)" "${server[@]}" --single-transaction --no-tablespaces --skip-comments "$@"; }
tables() { sql -e "SELECT table_name FROM information_schema.tables WHERE table_schema = '$1' AND table_type = 'BASE TABLE'"; }
end_others() {
  sql -e "SELECT CONCAT('KILL ', id) FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND db = '$DATABASE_NAME'" |
    while IFS= read -r statement; do sql -e "$statement" || true; done
}

# Asked here and not in a condition, where a database that can't be asked would count as one without a copy.
has_copy=$(sql -e "SELECT 'yes' FROM information_schema.tables WHERE table_schema = '$copy' AND table_name = '$mark'")
