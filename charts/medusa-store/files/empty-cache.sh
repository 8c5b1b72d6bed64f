# Forgets the answers that Medusa keeps in Redis: they may be of a state that a rollback has undone.
set -euo pipefail

options=(-h "$REDIS_HOST" -p "$REDIS_PORT")
[ -z "${REDIS_USER:-}" ] || options+=(--user "$REDIS_USER")
[ "${REDIS_TLS:-}" != true ] || options+=(--tls)
export REDISCLI_AUTH=$REDIS_PASSWORD
redis-cli "${options[@]}" --scan --pattern 'mc:*' | xargs -r -d '\n' -n 500 redis-cli "${options[@]}" unlink >/dev/null
