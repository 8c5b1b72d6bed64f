<?php
/**
 * WordPress's settings, all from the environment. The code is shared by every store and read-only; what is a store's own
 * (database, uploads, kept mail) lies below STORE_DIR, the database with DATABASE_HOST on a server instead.
 */

declare( strict_types=1 );

namespace StorePlatform;

require_once __DIR__ . '/serve/settings.php';
require_once __DIR__ . '/serve/address.php';

if ( has_database_server() ) {
	// After the colon comes a port, or the path of a socket.
	define( 'DB_HOST', setting( 'DATABASE_HOST' ) . ':' . setting( 'DATABASE_PORT', '3306' ) );
	define( 'DB_NAME', setting( 'DATABASE_NAME' ) );
	define( 'DB_USER', setting( 'DATABASE_USER' ) );
	define( 'DB_PASSWORD', setting( 'DATABASE_PASSWORD', '' ) );
} else {
	// SQLite. Its driver sets write-ahead logging and waits ten seconds for a lock.
	define( 'DB_ENGINE', 'sqlite' );
	define( 'DB_DIR', store_dir() . '/database' );
	define( 'DB_FILE', 'store.sqlite' );
	define( 'DB_NAME', 'store' );
	define( 'DB_USER', '' );
	define( 'DB_PASSWORD', '' );
	define( 'DB_HOST', '' );
}
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
$table_prefix = 'wp_';

// Derived, so that a store has one secret to keep for all eight.
foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $purpose ) {
	define( "{$purpose}_KEY", hash_hmac( 'sha256', "{$purpose}_KEY", setting( 'SALT' ) ) );
	define( "{$purpose}_SALT", hash_hmac( 'sha256', "{$purpose}_SALT", setting( 'SALT' ) ) );
}
unset( $purpose );

define( 'WP_HOME', shop_address() );
define( 'WP_SITEURL', WP_HOME );

// Nobody changes shared code, and nothing tries to.
define( 'DISALLOW_FILE_MODS', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_AUTO_UPDATE_CORE', false );
define( 'FS_METHOD', 'direct' );
define( 'WP_DEFAULT_THEME', 'market' );
define( 'WP_TEMP_DIR', setting( 'TMPDIR', store_dir() . '/.tmp' ) );

// The platform calls wp-cron.php; a page that calls it itself would wait for a worker that may be busy.
define( 'DISABLE_WP_CRON', true );

define( 'WP_MEMORY_LIMIT', '256M' );
define( 'WP_MAX_MEMORY_LIMIT', '256M' );
define( 'WP_POST_REVISIONS', 10 );

// Errors go to the log and never onto a page. With WP_DEBUG=1 notices are logged too.
define( 'WP_DEBUG', '1' === setting( 'WP_DEBUG', '' ) );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', false );
define( 'WP_DISABLE_FATAL_ERROR_HANDLER', true );

if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/wordpress/' );
}

require_once ABSPATH . 'wp-settings.php';
