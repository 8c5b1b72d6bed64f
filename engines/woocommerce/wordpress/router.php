<?php
/**
 * The one way in: decides for every request whether a file, a script of WordPress or nothing answers it.
 *
 * WordPress's scripts expect to run in the global scope, which is why the last line stands here and not in a function.
 */

declare( strict_types=1 );

// What PHP may open: this folder and the store's. Said here and not on the command line, because PHP that knows it at its
// start keeps no cache of real paths, and then a page costs 27,000 more system calls, 15 % of its time. It can only be
// tightened from here on.
ini_set( 'open_basedir', __DIR__ . PATH_SEPARATOR . getenv( 'STORE_DIR' ) );
if ( '' === (string) ini_get( 'open_basedir' ) ) {
	http_response_code( 500 );
	return true;
}

require_once __DIR__ . '/serve/settings.php';
require_once __DIR__ . '/serve/address.php';
require_once __DIR__ . '/serve/headers.php';
require_once __DIR__ . '/serve/log.php';
require_once __DIR__ . '/serve/path.php';
require_once __DIR__ . '/serve/scripts.php';
require_once __DIR__ . '/serve/files.php';
require_once __DIR__ . '/serve/answer.php';

$GLOBALS['store_platform_script'] = StorePlatform\answer( __DIR__ );
if ( null === $GLOBALS['store_platform_script'] ) {
	return true;
}
require $GLOBALS['store_platform_script'];
