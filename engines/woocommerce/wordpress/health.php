<?php
/**
 * `GET /store-platform/health`: 200 `{"status":"ok"}` once the shop is its owner's and its database can be read. The
 * first call makes it so; later ones don't load WordPress, and take a millisecond.
 */

declare( strict_types=1 );

namespace StorePlatform;

/** Null when all is well, else what is not. */
function trouble(): ?string {
	$file = store_dir() . '/database/store.sqlite';
	if ( ! is_file( $file ) ) {
		return 'the database is not there';
	}
	try {
		$database = new \PDO( "sqlite:$file", null, null, array( \PDO::ATTR_TIMEOUT => 5 ) );
		$database->setAttribute( \PDO::ATTR_ERRMODE, \PDO::ERRMODE_EXCEPTION );
		$name = $database->query( "SELECT option_value FROM wp_options WHERE option_name = 'blogname'" )->fetchColumn();
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
