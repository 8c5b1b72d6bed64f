<?php
/**
 * XML-RPC is off: its script is not served, and no page or header points to it.
 */

declare( strict_types=1 );

namespace StorePlatform;

add_filter( 'xmlrpc_enabled', '__return_false' );
add_filter( 'pings_open', '__return_false' );
add_filter( 'bloginfo_url', fn ( string $url, string $what ): string => 'pingback_url' === $what ? '' : $url, 10, 2 );
add_filter( 'wp_headers', fn ( array $headers ): array => array_diff_key( $headers, array( 'X-Pingback' => true ) ) );
remove_action( 'wp_head', 'rsd_link' );
