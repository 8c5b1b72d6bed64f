<?php
/**
 * Waits until setup.php of this VERSION has set the shop up, and ends with 0; after PATIENCE_SECONDS with 1 and a last line
 * on stderr that says what is still missing.
 */

declare( strict_types=1 );

use StorePlatform\Bake;
use StorePlatform\Setup;

require_once __DIR__ . '/serve/settings.php';
require_once __DIR__ . '/serve/database.php';
require_once __DIR__ . '/bake/failure.php';
require_once __DIR__ . '/setup/patience.php';
require_once __DIR__ . '/setup/versions.php';

Bake\fail_loudly();
StorePlatform\has_database_server() || Bake\fail( 'DATABASE_HOST is missing.' );
Setup\patiently(
	'The shop',
	fn () => Setup\has_version( StorePlatform\open_database(), StorePlatform\setting( 'VERSION' ) )
		?: throw new RuntimeException( 'its set-up has not finished' )
);
Bake\done();
