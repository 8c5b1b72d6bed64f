#!/bin/sh
# Fills in the platform's address, and becomes nginx.
set -eu
mkdir -p /tmp/nginx
# Only ours is filled in: what nginx calls $host and $uri stays.
envsubst '$API_URL' </etc/nginx/nginx.conf.template >/tmp/nginx/server.conf
exec nginx -e /dev/stderr
