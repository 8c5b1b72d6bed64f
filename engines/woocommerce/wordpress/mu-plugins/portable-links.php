<?php
/**
 * A shop's address is the platform's to give, and may change. So what an owner writes keeps links and pictures of the
 * shop itself without host: `src="http://mugs.localhost:3001/wp-content/…"` is stored as `src="/wp-content/…"`.
 */

declare( strict_types=1 );

namespace StorePlatform;

add_filter( 'wp_insert_post_data', __NAMESPACE__ . '\\without_own_host' );

/** Only values in quotes are touched, that is attributes and block settings, not text. */
function without_own_host( array $post ): array {
	$hosts = implode( '|', array_map( fn ( string $host ): string => preg_quote( $host, '~' ), own_hosts() ) );
	foreach ( array( 'post_content', 'post_excerpt' ) as $field ) {
		$post[ $field ] = preg_replace( "~(\\\\?[\"'])https?://(?:$hosts)/~i", '$1/', $post[ $field ] );
	}
	return $post;
}
