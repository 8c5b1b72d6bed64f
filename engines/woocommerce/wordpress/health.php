<?php
/**
 * `GET /store-platform/health`: 200 `{"status":"ok"}` once the shop is its owner's and its database can be read. The
 * first call makes it so; later ones don't load WordPress, and take a millisecond.
 */

declare( strict_types=1 );

namespace StorePlatform;

require_once __DIR__ . '/serve/database.php';

/** Null when all is well, else what is not. */
function trouble(): ?string {
	if ( ! has_database_server() && ! is_file( sqlite_file() ) ) {
		return 'the database is not there';
	}
	try {
		$name = open_database()->query( "SELECT option_value FROM wp_options WHERE option_name = 'blogname'" )->fetchColumn();
		return false === $name ? 'the database is empty' : null;
	} catch ( \PDOException $error ) {
		error_log( 'The database can\'t be read: ' . $error->getMessage() );
		return 'the database can\'t be read';
	}
}

function report( ?string $trouble ): void {
	http_response_code( null === $trouble ? 200 : 503 );
	header( 'Content-Type: application/json' );
	header( 'Cache-Control: no-store' );
	echo json_encode( null === $trouble ? array( 'status' => 'ok' ) : array( 'status' => 'failing', 'reason' => $trouble ) );
}

if ( ! is_claimed() ) {
	// The claim needs WordPress's own functions and none of its plugins, which would take most of a second to load.
	define( 'WP_INSTALLING', true );
	require __DIR__ . '/wp-config.php';
	claim();
}
report( trouble() );
