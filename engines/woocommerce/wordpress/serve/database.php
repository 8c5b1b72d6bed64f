<?php
/**
 * The store's database without WordPress.
 */

declare( strict_types=1 );

namespace StorePlatform;

const CONNECT_SECONDS = 5;

/** Throws a PDOException when it can't be opened or reached, and so does every query. */
function open_database(): \PDO {
	$options = array( \PDO::ATTR_TIMEOUT => CONNECT_SECONDS, \PDO::ATTR_ERRMODE => \PDO::ERRMODE_EXCEPTION );
	if ( ! has_database_server() ) {
		return new \PDO( 'sqlite:' . sqlite_file(), null, null, $options );
	}
	$server = sprintf(
		'mysql:host=%s;port=%s;dbname=%s;charset=utf8mb4',
		setting( 'DATABASE_HOST' ),
		setting( 'DATABASE_PORT', '3306' ),
		setting( 'DATABASE_NAME' )
	);
	return new \PDO( $server, setting( 'DATABASE_USER' ), setting( 'DATABASE_PASSWORD', '' ), $options );
}

function sqlite_file(): string {
	return store_dir() . '/database/store.sqlite';
}
