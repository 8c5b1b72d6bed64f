<?php
/**
 * Waiting for what is being started at the same time.
 */

declare( strict_types=1 );

namespace StorePlatform\Setup;

const PATIENCE_SECONDS = 300;
const PAUSE_MS         = 200;

/** MySQL's and MariaDB's number for a login that is wrong, which does not get better by waiting. */
const ACCESS_DENIED = 1045;

/**
 * What the attempt returns once it succeeds. Ends the run after PATIENCE_SECONDS of exceptions, with the last one's words.
 *
 * @template T
 * @param callable(): T $attempt
 * @return T
 */
function patiently( string $what, callable $attempt ) {
	$deadline = time() + PATIENCE_SECONDS;
	while ( true ) {
		try {
			return @$attempt(); // PHP warns of what it throws, too.
		} catch ( \RuntimeException $error ) {
			if ( time() >= $deadline || ACCESS_DENIED === $error->getCode() ) {
				\StorePlatform\Bake\fail( "$what is not ready: {$error->getMessage()}" );
			}
			usleep( PAUSE_MS * 1000 );
		}
	}
}
