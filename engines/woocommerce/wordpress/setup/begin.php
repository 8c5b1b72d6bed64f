<?php
/**
 * The beginning of a shop: the baked one, as every other begins.
 */

declare( strict_types=1 );

namespace StorePlatform\Setup;

use function StorePlatform\Bake\copy_folder;
use function StorePlatform\Bake\fail;
use function StorePlatform\store_dir;

/** Loads the baked database, and puts the pictures in place that belong to it. Ends the run where a stranger's tables are. */
function begin( \PDO $database, string $baked ): void {
	if ( ! has_versions_table( $database ) ) {
		false === $database->query( 'SHOW TABLES' )->fetchColumn() || fail( 'The database is not empty, and holds no shop of this platform.' );
		make_versions_table( $database );
	}
	load( $database, "$baked/shop.sql" );
	foreach ( array( 'uploads', 'mail', 'logs' ) as $name ) {
		is_dir( store_dir() . "/$name" ) || mkdir( store_dir() . "/$name", 0755 ) || fail( 'The store\'s folder can\'t be written.' );
	}
	copy_folder( "$baked/uploads", store_dir() . '/uploads' );
}

/** In a dump a statement ends with its line, and texts have no line ends of their own. */
function load( \PDO $database, string $file ): void {
	foreach ( explode( ";\n", (string) file_get_contents( $file ) ) as $statement ) {
		'' === trim( $statement ) || $database->exec( $statement );
	}
}
