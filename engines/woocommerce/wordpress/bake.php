<?php
/**
 * Sets up the shop that all shops begin as, into baked/. Run twice, since WooCommerce has to be there when WordPress
 * starts, which it is not before WordPress is installed:
 *
 *     php bake.php install    puts the code together, makes the database
 *     php bake.php            sets up the shop, fills its shelves, packs the database
 *
 * The working directory is the folder that holds this file and an unpacked wordpress/. Either run may be repeated, the
 * first begins anew (with DATABASE_HOST: in an empty database). Ends with 0, or with 1 and a last line on stderr that says
 * what failed.
 */

declare( strict_types=1 );

require_once __DIR__ . '/serve/settings.php';
require __DIR__ . '/bake/failure.php';
require __DIR__ . '/bake/folders.php';
require __DIR__ . '/bake/environment.php';
require __DIR__ . '/bake/code.php';
require __DIR__ . '/bake/install.php';
require __DIR__ . '/bake/shop.php';
require __DIR__ . '/bake/goods.php';
require __DIR__ . '/bake/pack.php';

StorePlatform\Bake\fail_loudly();
StorePlatform\Bake\set_environment( __DIR__ . '/baked' );

if ( 'install' === ( $argv[1] ?? '' ) ) {
	StorePlatform\Bake\put_code_together( __DIR__ );
	StorePlatform\Bake\empty_folder( __DIR__ . '/baked' );
	define( 'WP_INSTALLING', true );
	require __DIR__ . '/wp-config.php';
	StorePlatform\Bake\install();
} else {
	require __DIR__ . '/wp-config.php';
	StorePlatform\Bake\set_up_shop();
	StorePlatform\Bake\fill_shelves( require __DIR__ . '/catalogue.php', __DIR__ . '/pictures' );
	StorePlatform\Bake\do_chores();
	StorePlatform\Bake\clean();
	StorePlatform\Bake\pack_at_end( __DIR__ . '/baked' );
}

StorePlatform\Bake\done();
