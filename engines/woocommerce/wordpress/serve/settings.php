<?php
/**
 * What a store is told by its environment.
 */

declare( strict_types=1 );

namespace StorePlatform;

/** A setting's value. Without a fallback a missing one ends the request, and the log says which it was. */
function setting( string $name, ?string $fallback = null ): string {
	$value = getenv( $name );
	if ( false !== $value && '' !== $value ) {
		return $value;
	}
	if ( null === $fallback ) {
		error_log( "The setting $name is missing." );
		if ( ! headers_sent() ) {
			http_response_code( 500 );
		}
		exit( 1 );
	}
	return $fallback;
}

/** The store's own folder, without a slash at its end. */
function store_dir(): string {
	return rtrim( setting( 'STORE_DIR' ), '/' );
}

/** Whether the database is a server's (MySQL or MariaDB); else it is a file of SQLite in the store's folder. */
function has_database_server(): bool {
	return '' !== setting( 'DATABASE_HOST', '' );
}

/**
 * True from the moment on when the store has its owner's name, login and keys. On a database server setup.php has seen to
 * that, and noted it there, before anybody is served.
 */
function is_claimed(): bool {
	return has_database_server() || is_file( store_dir() . '/.claimed' );
}
