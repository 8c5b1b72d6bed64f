<?php
/**
 * Folders, whole. What goes wrong ends the run.
 */

declare( strict_types=1 );

namespace StorePlatform\Bake;

function copy_folder( string $from, string $to ): void {
	is_dir( $from ) || fail( "$from is not there." );
	is_dir( $to ) || mkdir( $to, 0755, true );
	foreach ( array_diff( scandir( $from ), array( '.', '..' ) ) as $name ) {
		if ( is_dir( "$from/$name" ) ) {
			copy_folder( "$from/$name", "$to/$name" );
		} else {
			copy( "$from/$name", "$to/$name" ) || fail( "$from/$name can't be copied." );
		}
	}
}

function empty_folder( string $folder ): void {
	remove( $folder );
	foreach ( array( 'database', 'uploads', 'mail', '.tmp' ) as $name ) {
		mkdir( "$folder/$name", 0755, true ) || fail( "$folder can't be made." );
	}
}

/** Removes a file or a folder with all that is in it; not what links point to. */
function remove( string $path ): void {
	if ( is_dir( $path ) && ! is_link( $path ) ) {
		foreach ( array_diff( scandir( $path ), array( '.', '..' ) ) as $name ) {
			remove( "$path/$name" );
		}
		rmdir( $path ) || fail( "$path can't be removed." );
	} elseif ( file_exists( $path ) || is_link( $path ) ) {
		unlink( $path ) || fail( "$path can't be removed." );
	}
}
