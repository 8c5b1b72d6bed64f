<?php
/**
 * The one way in: decides for every request whether a file, a script of WordPress or nothing answers it.
 *
 * WordPress's scripts expect to run in the global scope, which is why the last line stands here and not in a function.
 */

declare( strict_types=1 );

require_once __DIR__ . '/serve/settings.php';
require_once __DIR__ . '/serve/address.php';
require_once __DIR__ . '/serve/headers.php';
require_once __DIR__ . '/serve/path.php';
require_once __DIR__ . '/serve/scripts.php';
require_once __DIR__ . '/serve/files.php';
require_once __DIR__ . '/serve/answer.php';

$GLOBALS['store_platform_script'] = StorePlatform\answer( __DIR__ );
if ( null === $GLOBALS['store_platform_script'] ) {
	return true;
}
require $GLOBALS['store_platform_script'];
