<?php
/**
 * The environment that wp-config.php reads, with values that no store will have.
 */

declare( strict_types=1 );

namespace StorePlatform\Bake;

/** Its links must not get into the database: pack.php makes sure. */
const ADDRESS = 'http://shop.invalid';

function set_environment( string $store_dir ): void {
	$settings = array(
		'STORE_DIR'  => $store_dir,
		'STORE_NAME' => 'Shop',
		'PUBLIC_URL' => ADDRESS,
		'SALT'       => bin2hex( random_bytes( 32 ) ),
	);
	foreach ( $settings as $name => $value ) {
		putenv( "$name=$value" );
	}
	$_SERVER['HTTP_HOST']      = parse_url( ADDRESS, PHP_URL_HOST );
	$_SERVER['REQUEST_URI']    = '/';
	$_SERVER['REQUEST_METHOD'] = 'GET';
	$_SERVER['REMOTE_ADDR']    = '127.0.0.1';
	$_SERVER['SERVER_NAME']    = $_SERVER['HTTP_HOST'];
	$_SERVER['PHP_SELF']       = '/index.php';
	// What the database refuses is collected for done(), and not printed.
	$GLOBALS['wp_filter']['muplugins_loaded'][0]['quiet'] = array(
		'function'      => fn () => $GLOBALS['wpdb']->suppress_errors( true ),
		'accepted_args' => 0,
	);
}
