<?php
/**
 * What answers a request.
 */

declare( strict_types=1 );

namespace StorePlatform;

/** The script that is to be run for this request, absolute; null when the request has been answered here. */
function answer( string $folder ): ?string {
	tell_who_asks();
	security_headers();
	$path = requested_path();
	if ( null === $path ) {
		return refuse( 404, 'Not found.' );
	}
	if ( '/store-platform/health' === $path ) {
		return "$folder/health.php";
	}
	if ( '/store-platform/live' === $path ) {
		return refuse( 200, 'PHP answers.' );
	}
	if ( ! is_claimed() ) {
		header( 'Retry-After: 2' );
		return refuse( 503, 'This shop is being made ready.' );
	}
	if ( '/wp-admin' === $path ) {
		header( 'Location: /wp-admin/' );
		return refuse( 301, '' );
	}
	return script_or_file( "$folder/wordpress", $path );
}

/** Below WordPress's folders only what is on the lists exists; every other path is a page's. */
function script_or_file( string $root, string $path ): ?string {
	$script = script_for( $path );
	if ( null === $script && 1 !== preg_match( '~^/(wp-(admin|includes|content)/|.*\.php$)~i', $path ) ) {
		$script = '/index.php';
	}
	if ( null !== $script ) {
		log_request( $path );
		return run_as( $root, $script );
	}
	$file = file_for( $root, $path );
	return null === $file ? refuse( 404, 'Not found.' ) : send_file( $file, $path );
}

/** Ends the request with a plain line of text. Always null. */
function refuse( int $status, string $text ): ?string {
	http_response_code( $status );
	header( 'Content-Type: text/plain; charset=utf-8' );
	header( 'Cache-Control: no-store' );
	echo $text;
	return null;
}
