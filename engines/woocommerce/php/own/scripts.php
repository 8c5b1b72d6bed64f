<?php
// The scripts that opcache holds, so that the next instance can compile them before its first request.
$status = function_exists( 'opcache_get_status' ) ? @opcache_get_status() : false;
echo json_encode( array_keys( $status['scripts'] ?? array() ), JSON_INVALID_UTF8_IGNORE );
