# Starts PostgreSQL as its image does. A first start that is interrupted leaves a folder that the image takes for a finished
# one; what a first start of ours has begun, and only that, is begun anew.
set -euo pipefail

unfinished="$(dirname "$PGDATA")/unfinished"
[ -e "$PGDATA" ] || touch "$unfinished"
[ ! -e "$unfinished" ] || rm -rf "$PGDATA"

# Nobody knows the superuser's password. From within the pod it signs in without: psql -U postgres
POSTGRES_PASSWORD=$(head -c 32 /dev/urandom | base64)
export POSTGRES_PASSWORD
exec docker-entrypoint.sh postgres "$@"
