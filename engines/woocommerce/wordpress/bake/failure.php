<?php
/**
 * Baking either succeeds or says why it did not. WordPress by itself ends with 0 and a page of HTML.
 */

declare( strict_types=1 );

namespace StorePlatform\Bake;

/** From here on anything but done() makes the exit code 1. */
function fail_loudly(): void {
	ini_set( 'display_errors', 'stderr' );
	set_time_limit( 0 );
	set_exception_handler( fn ( \Throwable $error ) => fail( $error->getMessage() . " ({$error->getFile()}:{$error->getLine()})" ) );
	register_shutdown_function(
		function (): void {
			if ( ! outcome() ) {
				fail( error_get_last()['message'] ?? 'WordPress ended it early.' );
			}
		}
	);
}

/** Called last. Whatever the database refused on the way fails the baking too. */
function done(): void {
	// WordPress describes tables, to see what they lack, that are not there yet.
	$asked   = fn ( array $error ): bool => str_starts_with( $error['query'], 'DESCRIBE ' );
	$refused = array_values( array_filter( $GLOBALS['EZSQL_ERROR'] ?? array(), fn ( array $error ): bool => ! $asked( $error ) ) );
	if ( array() !== $refused ) {
		$why = preg_replace( '/Backtrace:.*/s', '', strip_tags( $refused[0]['error_str'] ) );
		fail( count( $refused ) . " queries were refused by the database, first: {$refused[0]['query']} ($why)" );
	}
	outcome( 'done' );
}

/** Null until it is known how baking ended. */
function outcome( ?string $new = null ): ?string {
	static $outcome = null;
	return $outcome = $new ?? $outcome;
}

function has_failed(): bool {
	return 'failed' === outcome();
}

function fail( string $why ): void {
	outcome( 'failed' );
	fwrite( STDERR, 'The shop could not be set up: ' . preg_replace( '/\s+/', ' ', strip_tags( $why ) ) . "\n" );
	exit( 1 );
}

/**
 * For WordPress's functions that return what went wrong.
 *
 * @template T
 * @param T|\WP_Error $result
 * @return T
 */
function ok( $result, string $what ) {
	if ( is_wp_error( $result ) ) {
		fail( "$what: {$result->get_error_message()}" );
	}
	if ( ! $result ) {
		fail( "$what failed." );
	}
	return $result;
}
