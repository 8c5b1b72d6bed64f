<?php
/**
 * Failed and good logins as the store's database remembers them, by hashes only.
 */

declare( strict_types=1 );

namespace StorePlatform;

const WINDOW_SECONDS = 15 * 60;
const KNOWN_SECONDS  = 30 * 24 * 3600;

/** Failures in a window: more from one address than for one account would make the second limit pointless. */
const LIMIT_BY_ADDRESS = 10;
const LIMIT_BY_ACCOUNT = 20;

function attempts_table(): string {
	return $GLOBALS['wpdb']->prefix . 'login_attempts';
}

/** Made once, when the shop is baked. */
function create_attempts_table(): void {
	$GLOBALS['wpdb']->query(
		'CREATE TABLE ' . attempts_table() . ' (bucket CHAR(64) NOT NULL PRIMARY KEY, failures INT NOT NULL, since BIGINT NOT NULL)'
	);
}

/** Without a name only the address counts. */
function is_throttled( string $name ): bool {
	if ( failures( address_bucket() ) >= LIMIT_BY_ADDRESS ) {
		return true;
	}
	return '' !== $name && failures( account_bucket( $name ) ) >= LIMIT_BY_ACCOUNT && ! is_known_here( $name );
}

function count_failure( string $name ): void {
	global $wpdb;
	$table = attempts_table();
	$now   = time();
	foreach ( array_filter( array( address_bucket(), '' === $name ? null : account_bucket( $name ) ) ) as $bucket ) {
		$wpdb->query( $wpdb->prepare( "DELETE FROM $table WHERE bucket = %s AND since < %d", $bucket, $now - WINDOW_SECONDS ) );
		$wpdb->query(
			$wpdb->prepare(
				"INSERT INTO $table (bucket, failures, since) VALUES (%s, 1, %d) ON DUPLICATE KEY UPDATE failures = failures + 1",
				$bucket,
				$now
			)
		);
	}
	$wpdb->query( $wpdb->prepare( "DELETE FROM $table WHERE since < %d", $now - KNOWN_SECONDS ) );
}

/** The account's failures are forgotten; the address's are not, lest one good account buy guesses at others. */
function remember_success( string $name ): void {
	global $wpdb;
	$table = attempts_table();
	$known = bucket( 'known', account( $name ) . '|' . $_SERVER['REMOTE_ADDR'] );
	$since = (int) $wpdb->get_var( $wpdb->prepare( "SELECT since FROM $table WHERE bucket = %s", $known ) );
	// Programs sign in with every request: they write once a day.
	if ( $since < time() - 24 * 3600 ) {
		$wpdb->replace( $table, array( 'bucket' => $known, 'failures' => 0, 'since' => time() ) );
	}
	if ( failures( account_bucket( $name ) ) > 0 ) {
		$wpdb->delete( $table, array( 'bucket' => account_bucket( $name ) ) );
	}
}

function failures( string $bucket ): int {
	global $wpdb;
	$query = 'SELECT failures FROM ' . attempts_table() . ' WHERE bucket = %s AND since >= %d';
	return (int) $wpdb->get_var( $wpdb->prepare( $query, $bucket, time() - WINDOW_SECONDS ) );
}

function is_known_here( string $name ): bool {
	global $wpdb;
	$known = bucket( 'known', account( $name ) . '|' . $_SERVER['REMOTE_ADDR'] );
	$query = 'SELECT 1 FROM ' . attempts_table() . ' WHERE bucket = %s AND since >= %d';
	return null !== $wpdb->get_var( $wpdb->prepare( $query, $known, time() - KNOWN_SECONDS ) );
}

function address_bucket(): string {
	return bucket( 'address', $_SERVER['REMOTE_ADDR'] ?? '' );
}

function account_bucket( string $name ): string {
	return bucket( 'account', account( $name ) );
}

/** One account has one name here, whether login or e-mail was typed. */
function account( string $name ): string {
	$user = get_user_by( 'login', $name ) ?: get_user_by( 'email', $name );
	return $user instanceof \WP_User ? "user $user->ID" : 'name ' . strtolower( $name );
}

function bucket( string $kind, string $value ): string {
	return hash_hmac( 'sha256', "$kind|$value", setting( 'SALT' ) );
}
