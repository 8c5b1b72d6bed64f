<?php
/**
 * Makes a shop of a database server's database (DATABASE_HOST and so on), and of STORE_DIR, for the code that lies here:
 *
 *     php setup.php
 *
 * Waits for the server first. An empty database gets the baked shop, with its owner's name, login and keys; one that was
 * set up by another version gets WordPress's and WooCommerce's own upgrades; one that VERSION has set up is left alone.
 * May be interrupted anywhere and repeated, and several at once take turns. Ends with 0, or with 1 and a last line on
 * stderr that says what failed.
 */

declare( strict_types=1 );

use StorePlatform\Bake;
use StorePlatform\Setup;

require_once __DIR__ . '/serve/settings.php';
require_once __DIR__ . '/serve/address.php';
require_once __DIR__ . '/serve/database.php';
require_once __DIR__ . '/bake/failure.php';
require_once __DIR__ . '/bake/folders.php';
require_once __DIR__ . '/setup/patience.php';
require_once __DIR__ . '/setup/versions.php';
require_once __DIR__ . '/setup/begin.php';
require_once __DIR__ . '/setup/upgrade.php';

Bake\fail_loudly();
StorePlatform\has_database_server() || Bake\fail( 'DATABASE_HOST is missing.' );
$store_platform_setup = Setup\patiently( 'The database', 'StorePlatform\open_database' );
Setup\take_turns( $store_platform_setup );

if ( StorePlatform\setting( 'VERSION' ) === Setup\last_version( $store_platform_setup ) ) {
	echo "This version has set the shop up before: there is nothing to do.\n";
} elseif ( null === Setup\last_version( $store_platform_setup ) ) {
	Setup\begin( $store_platform_setup, __DIR__ . '/baked' );
	// The claim needs WordPress's own functions and none of its plugins.
	define( 'WP_INSTALLING', true );
	require __DIR__ . '/wp-config.php';
	StorePlatform\give_to_owner();
	Setup\note_version( $store_platform_setup, StorePlatform\setting( 'VERSION' ) );
	echo "The shop is set up.\n";
} else {
	$_SERVER['HTTP_HOST'] = StorePlatform\own_hosts()[0];
	require __DIR__ . '/wp-config.php';
	Setup\upgrade();
	Setup\note_version( $store_platform_setup, StorePlatform\setting( 'VERSION' ) );
	echo "The shop is upgraded.\n";
}
Bake\done();
