#!/bin/bash
# Run while the image is built: makes the template of all shops' databases, as SQL in the file $1, and boots each of the
# image's programs once. That proves that nothing is missing, and fills Node's compile cache, which every shop starts from.
set -euo pipefail
target=$1 work=$(mktemp -d)
export PATH=/usr/lib/postgresql/15/bin:$PATH NODE_ENV=production
# A port that is free: the build may share the network of a machine where the usual one is taken.
port=$(node -p "const s = require('net').createServer().listen(0), { port } = s.address(); s.close(); port")
export DATABASE_URL="postgres://shop@127.0.0.1:$port/shop" SHOP_VERSION=image TEMPLATE_FILE=$target
export JWT_SECRET=unused COOKIE_SECRET=unused UPLOADS_DIR=$work/uploads PORT=0
export STORE_NAME=Template ADMIN_EMAIL=admin@template.store ADMIN_PASSWORD=$RANDOM$RANDOM$RANDOM
export PUBLISHABLE_KEY=pk_$(printf '%064d' 0)
cd "$(dirname "$0")/../app"

# Starts one of the programs, waits for the line that says it serves, and stops it again.
boot() {
  node "$1" >"$work/log" & local pid=$! line
  until line=$(grep -m1 'is ready' "$work/log"); do
    kill -0 $pid || { cat "$work/log"; exit 1; }
    sleep 0.2
  done
  # Some library of Medusa's may be faster than we are to end the process, by the signal's own code.
  kill $pid; wait $pid || [ $? -eq 143 ]
  echo "$line"
}

initdb -D "$work/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
pg_ctl -D "$work/data" -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$work -c fsync=off" -l "$work/postgres.log" -w start >/dev/null
redis-server --port 0 --unixsocket "$work/redis" --save '' --daemonize yes --dir "$work" >/dev/null
psql -q "postgres://postgres@127.0.0.1:$port/postgres" -c 'CREATE ROLE shop LOGIN' -c 'CREATE DATABASE shop OWNER shop'

node .medusa/server/template.js
# One transaction loads it again. A line that begins with a backslash is for psql alone.
pg_dump --no-owner --no-privileges --inserts --rows-per-insert=1000 "$DATABASE_URL" | sed '/^\\/d' >"$target"

# As the shops will: from that file, then migrated as by a later version, then all programs, without Redis and with it.
psql -q "postgres://postgres@127.0.0.1:$port/postgres" -c 'DROP DATABASE shop' -c 'CREATE DATABASE shop OWNER shop'
node .medusa/server/setup.js
SHOP_VERSION=next node .medusa/server/setup.js
node .medusa/server/wait.js
boot .medusa/server/server.js
export REDIS_URL=$work/redis
MEDUSA_WORKER_MODE=server boot .medusa/server/server.js
boot .medusa/server/worker.js

# Node writes it for the account alone; in the image it belongs to root.
chmod -R a+rX .compile-cache
redis-cli -s "$work/redis" shutdown nosave
pg_ctl -D "$work/data" -m fast -w stop >/dev/null
rm -rf "$work"
