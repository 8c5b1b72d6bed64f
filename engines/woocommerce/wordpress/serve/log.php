<?php
/**
 * The shop's log has a line for each page and each call of its API, which PHP's own server does not write.
 */

declare( strict_types=1 );

namespace StorePlatform;

/** Written at the end of the request, when its status is known. Queries are left out: they may hold keys. */
function log_request( string $path ): void {
	$begin = hrtime( true );
	register_shutdown_function(
		function () use ( $path, $begin ): void {
			$ms = intdiv( hrtime( true ) - $begin, 1_000_000 );
			error_log( sprintf( '%s %s %d %d ms', $_SERVER['REQUEST_METHOD'], $path, http_response_code(), $ms ) );
		}
	);
}
