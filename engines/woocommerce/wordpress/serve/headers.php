<?php
/**
 * What a request says of its sender, and what every answer says of itself.
 */

declare( strict_types=1 );

namespace StorePlatform;

/**
 * Makes PHP's view of the visitor true behind the gateway. Headers that plugins trust, though anybody may send them, are
 * dropped; so is `Proxy`, which some HTTP clients take for their own setting.
 */
function tell_who_asks(): void {
	// Of several addresses the last is the one that our own neighbour has seen; the others are hearsay.
	$hops   = explode( ',', $_SERVER['HTTP_X_FORWARDED_FOR'] ?? '' );
	$client = filter_var( trim( end( $hops ) ), FILTER_VALIDATE_IP );
	if ( false !== $client ) {
		$_SERVER['REMOTE_ADDR'] = $client;
	}
	if ( came_by_https() ) {
		$_SERVER['HTTPS'] = 'on';
	}
	if ( ! in_array( strtolower( $_SERVER['HTTP_HOST'] ?? '' ), own_hosts(), true ) ) {
		// WordPress builds redirects from this header; a foreign name must not come back in an answer.
		$_SERVER['HTTP_HOST'] = own_hosts()[0];
	}
	unset( $_SERVER['HTTP_X_REAL_IP'], $_SERVER['HTTP_CLIENT_IP'], $_SERVER['HTTP_PROXY'], $_SERVER['PATH_INFO'] );
}

/** Shops may embed what they like; nobody else may frame a shop, and its pages reveal no more than they need. */
function security_headers(): void {
	header_remove( 'X-Powered-By' );
	header( 'X-Content-Type-Options: nosniff' );
	header( 'X-Frame-Options: SAMEORIGIN' );
	header( "Content-Security-Policy: base-uri 'self'; object-src 'none'; frame-ancestors 'self'" );
	header( 'Referrer-Policy: strict-origin-when-cross-origin' );
	header( 'Permissions-Policy: camera=(), geolocation=(), microphone=()' );
}
