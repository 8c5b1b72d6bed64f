# Ends with 0 when the shop sells, as far as it can tell itself. For builders that know health commands; in a cluster the
# kubelet asks by HTTP.
exec 3<>/dev/tcp/127.0.0.1/8080
printf 'GET /store-platform/health HTTP/1.0\r\n\r\n' >&3
grep -q '"status":"ok"' <&3
