<?php
/**
 * Makes the database ready to be copied: small, in one file, without traces of the baking.
 */

declare( strict_types=1 );

namespace StorePlatform\Bake;

/** WordPress writes until the very end of a run, so packing comes after that. */
function pack_at_end( string $baked ): void {
	$pack = fn () => \StorePlatform\has_database_server()
		? dump_database( "$baked/shop.sql" )
		: pack_database( "$baked/database/store.sqlite" );
	register_shutdown_function( fn () => has_failed() || $pack() );
}

/** Does the chores that setting up has queued, so that no shop begins with them, and forgets that they were done. */
function do_chores(): void {
	global $wpdb;
	as_unschedule_all_actions( 'action_scheduler/migration_hook' );
	\ActionScheduler_DataController::mark_migration_complete();
	\ActionScheduler_QueueRunner::instance()->run( 'Bake' );
	$failed = (int) $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}actionscheduler_actions WHERE status = 'failed'" );
	0 === $failed || fail( "$failed chores failed." );
	$wpdb->query( "DELETE FROM {$wpdb->prefix}actionscheduler_actions WHERE status IN ('complete', 'canceled')" );
	$wpdb->query( "DELETE FROM {$wpdb->prefix}actionscheduler_logs" );
}

/** What is only true of this run: sessions, queued chores that are done, the address that no shop has. */
function clean(): void {
	global $wpdb;
	$wpdb->query( "UPDATE $wpdb->posts SET guid = REPLACE(guid, '" . ADDRESS . "', '')" );
	$wpdb->query( "DELETE FROM {$wpdb->prefix}wc_product_download_directories" );
	$wpdb->query( "DELETE FROM {$wpdb->prefix}wc_admin_notes" );
	$wpdb->query( "DELETE FROM {$wpdb->prefix}wc_admin_note_actions" );
	$wpdb->query( "UPDATE $wpdb->users SET user_url = ''" );
	$wpdb->query( "DELETE FROM $wpdb->usermeta WHERE meta_key = 'session_tokens'" );
	foreach ( array( 'home', 'siteurl' ) as $name ) {
		$wpdb->update( $wpdb->options, array( 'option_value' => 'http://localhost' ), array( 'option_name' => $name ) );
	}
}

function pack_database( string $file ): void {
	try {
		// A copy by VACUUM has no free pages and no write-ahead log, and needs nobody else to have closed the file.
		$database = new \PDO( "sqlite:$file" );
		$database->setAttribute( \PDO::ATTR_ERRMODE, \PDO::ERRMODE_EXCEPTION );
		$database->exec( 'ANALYZE' );
		@unlink( "$file.packed" );
		$database->exec( 'VACUUM INTO ' . $database->quote( "$file.packed" ) );
		$database = null;
		foreach ( array( '-wal', '-shm', '-journal' ) as $side ) {
			@unlink( $file . $side );
		}
		rename( "$file.packed", $file ) || fail( "$file can't be replaced." );
	} catch ( \PDOException $error ) {
		fail( "The database can't be packed: {$error->getMessage()}" );
	}
	refuse_traces( $file );
}

/**
 * A database server's, as SQL that can be loaded again and again: each table is dropped first, and each statement ends with
 * its line. Baking reaches its server by a socket.
 */
function dump_database( string $file ): void {
	$command = array(
		'mariadb-dump',
		'--no-tablespaces',
		'--order-by-primary',
		'--skip-add-locks',
		'--skip-comments',
		'--skip-disable-keys',
		'--socket=' . \StorePlatform\setting( 'DATABASE_PORT' ),
		'--user=' . DB_USER,
		"--result-file=$file",
		DB_NAME,
	);
	0 === proc_close( proc_open( $command, array( 2 => STDERR ), $pipes ) ) || fail( 'The database can\'t be dumped.' );
	refuse_traces( $file );
}

/** Fails when the address of the baking, or anything of its folder, got into the database. */
function refuse_traces( string $file ): void {
	$content = (string) file_get_contents( $file );
	foreach ( array( parse_url( ADDRESS, PHP_URL_HOST ), dirname( __DIR__ ) ) as $trace ) {
		$at = strpos( $content, $trace );
		if ( false !== $at ) {
			fail( "The database holds $trace: …" . preg_replace( '/[^\x20-\x7e]+/', ' ', substr( $content, max( 0, $at - 200 ), 400 ) ) );
		}
	}
}
