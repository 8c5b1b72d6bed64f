<?php
/**
 * Under which address the shop answers. It has two, its public one and its direct one, and is whole on both.
 */

declare( strict_types=1 );

namespace StorePlatform;

/**
 * The address this request came to, so that WordPress sees no reason to redirect to another one. For hosts that are not
 * the shop's, and for what runs without a visitor (the links in its mails), it is the public one.
 */
function shop_address(): string {
	$host = strtolower( $_SERVER['HTTP_HOST'] ?? '' );
	if ( defined( 'DOING_CRON' ) || ! in_array( $host, own_hosts(), true ) ) {
		return rtrim( setting( 'PUBLIC_URL' ), '/' );
	}
	return ( came_by_https() ? 'https' : 'http' ) . "://$host";
}

/** Hosts, with their ports, that a request may name as the shop's own. */
function own_hosts(): array {
	$public = parse_url( strtolower( setting( 'PUBLIC_URL' ) ) );
	$host   = $public['host'] ?? '';
	$port   = setting( 'PORT', '' );
	return array(
		isset( $public['port'] ) ? "$host:{$public['port']}" : $host,
		setting( 'HOST', '127.0.0.1' ) . ":$port",
		"localhost:$port",
	);
}

/** Only the gateway knows how the visitor came: this server itself speaks plain HTTP. */
function came_by_https(): bool {
	return came_by_gateway() && 'https' === ( $_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '' );
}

/** The gateway sets this header on all it passes on, and replaces what a visitor sent. */
function came_by_gateway(): bool {
	return isset( $_SERVER['HTTP_X_FORWARDED_FOR'] );
}
