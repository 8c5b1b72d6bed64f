<?php
/**
 * Puts what is ours into the unpacked WordPress, and takes out what no shop needs.
 */

declare( strict_types=1 );

namespace StorePlatform\Bake;

/** @param string $folder Where wordpress/ and our own files lie. */
function put_code_together( string $folder ): void {
	$content = "$folder/wordpress/wp-content";
	is_dir( "$content/plugins/woocommerce" ) || fail( 'WordPress and WooCommerce are not unpacked.' );
	remove( "$content/plugins/akismet" );
	remove( "$content/plugins/hello.php" );
	foreach ( glob( "$content/themes/*", GLOB_ONLYDIR ) as $theme ) {
		remove( $theme );
	}
	foreach ( array( 'mu-plugins', 'themes/market' ) as $ours ) {
		remove( "$content/$ours" );
		copy_folder( "$folder/$ours", "$content/$ours" );
	}
	\StorePlatform\has_database_server() || bring_driver( "$folder/sqlite-database-integration.zip", $content );
}

/** The driver lies in a folder of its own, so that nobody can switch it off like a plugin; db.php loads it. */
function bring_driver( string $archive, string $content ): void {
	$zip = new \ZipArchive();
	true === $zip->open( $archive, \ZipArchive::RDONLY ) || fail( "$archive can't be read." );
	remove( "$content/sqlite" );
	for ( $index = 0; $index < $zip->numFiles; $index++ ) {
		$name = (string) $zip->getNameIndex( $index );
		// The archive's only folder becomes ours.
		$target = "$content/sqlite/" . preg_replace( '~^[^/]+/~', '', $name );
		str_contains( $name, '..' ) && fail( "$archive has a path that leads outside: $name" );
		if ( str_ends_with( $name, '/' ) ) {
			is_dir( $target ) || mkdir( $target, 0755, true );
		} else {
			is_dir( dirname( $target ) ) || mkdir( dirname( $target ), 0755, true );
			file_put_contents( $target, (string) $zip->getFromIndex( $index ) );
		}
	}
	$zip->close();
	is_file( "$content/sqlite/wp-includes/sqlite/db.php" ) || fail( "$archive holds no driver." );
	file_put_contents( "$content/db.php", "<?php\nrequire_once __DIR__ . '/sqlite/wp-includes/sqlite/db.php';\n" );
}
