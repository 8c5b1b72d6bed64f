<?php
/**
 * The database's own note of which versions have set it up. The table is there before a shop is loaded and gets its first
 * row after that, so that what a set-up was interrupted in is told from a shop, and from what is not ours.
 */

declare( strict_types=1 );

namespace StorePlatform\Setup;

const VERSIONS   = 'store_platform_versions';
const NO_TABLE   = '42S02';
const TURN_LIMIT = 300;

/** Null where none has finished. */
function last_version( \PDO $database ): ?string {
	return ask( $database, 'SELECT version FROM ' . VERSIONS . ' ORDER BY place DESC LIMIT 1' );
}

/**
 * Whether the version has set the shop up, be it before others: while one version replaces another, or an upgrade is taken
 * back, pods of both serve.
 */
function has_version( \PDO $database, string $version ): bool {
	return null !== ask( $database, 'SELECT version FROM ' . VERSIONS . ' WHERE version = ' . $database->quote( $version ) );
}

function note_version( \PDO $database, string $version ): void {
	// Replaced, not ignored: it is the last one again.
	$database->exec( 'REPLACE INTO ' . VERSIONS . ' (version) VALUES (' . $database->quote( $version ) . ')' );
}

function make_versions_table( \PDO $database ): void {
	$database->exec(
		'CREATE TABLE ' . VERSIONS . ' (place INT NOT NULL AUTO_INCREMENT PRIMARY KEY, version VARCHAR(128) NOT NULL UNIQUE)'
	);
}

function has_versions_table( \PDO $database ): bool {
	return false !== $database->query( "SHOW TABLES LIKE '" . VERSIONS . "'" )->fetchColumn();
}

/** Waits for other set-ups of this database to end. The server ends a turn with its connection. */
function take_turns( \PDO $database ): void {
	$turn = $database->query( "SELECT GET_LOCK(CONCAT('store-platform ', SHA1(DATABASE())), " . TURN_LIMIT . ')' )->fetchColumn();
	1 === (int) $turn || \StorePlatform\Bake\fail( 'Another set-up of the same database does not end.' );
}

/** The first column of the first row; null where there is none, nor a table. */
function ask( \PDO $database, string $query ): ?string {
	try {
		$value = $database->query( $query )->fetchColumn();
		return false === $value ? null : (string) $value;
	} catch ( \PDOException $error ) {
		if ( NO_TABLE === $error->getCode() ) {
			return null;
		}
		throw $error;
	}
}
