#!/usr/bin/env bash
# Part of the image's build: bakes the shop on a MariaDB of its own, in the working directory, and leaves baked/shop.sql and
# baked/uploads there. The server lives as long as this script and listens on a socket alone, so several builds get along.
set -euo pipefail

socket=/tmp/bake.sock
data=$(mktemp -d)
mariadb-install-db --user=root --datadir="$data" --skip-test-db >/dev/null
# Nothing here has to outlive a power cut.
mariadbd --no-defaults --user=root --datadir="$data" --socket="$socket" --skip-networking --innodb-flush-log-at-trx-commit=0 &
server=$!
trap 'kill "$server"; wait "$server"; rm -rf "$data"' EXIT
mariadb-admin --socket="$socket" --silent --wait=60 --connect-timeout=1 ping
mariadb --socket="$socket" -e 'CREATE DATABASE shop CHARACTER SET utf8mb4'

export DATABASE_HOST=localhost DATABASE_PORT="$socket" DATABASE_NAME=shop DATABASE_USER=root
php -d memory_limit=512M bake.php install
php -d memory_limit=512M bake.php
