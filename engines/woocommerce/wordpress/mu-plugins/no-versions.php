<?php
/**
 * Pages and feeds don't say which versions run here.
 */

declare( strict_types=1 );

namespace StorePlatform;

remove_action( 'wp_head', 'wp_generator' );
add_filter( 'the_generator', '__return_empty_string', 99 );
add_filter( 'woocommerce_hide_generator_tag', '__return_true' );
foreach ( array( 'html', 'xhtml', 'atom', 'rss2', 'rdf', 'comment', 'export' ) as $kind ) {
	add_filter( "get_the_generator_$kind", '__return_empty_string', 99 );
}
unset( $kind );
