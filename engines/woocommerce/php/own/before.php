<?php
// Runs before every script: leaves in $_SERVER what the built-in web server of PHP would have put there, and no more.
$_SERVER = array_intersect_key( $_SERVER, array_flip( explode( ',', $_SERVER['PHP_MJS_KEYS'] ) ) );

// That server has it, this build has not.
function getallheaders() {
	$headers = array();
	foreach ( $_SERVER as $key => $value ) {
		if ( str_starts_with( $key, 'HTTP_' ) ) {
			$headers[ ucwords( strtolower( strtr( substr( $key, 5 ), '_', '-' ) ), '-' ) ] = $value;
		}
	}
	return $headers;
}
