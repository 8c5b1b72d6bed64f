<?php
/**
 * A shopping bag in the browser's tab, until the owner chooses an icon.
 */

namespace Market;

add_action( 'wp_head', __NAMESPACE__ . '\\icon' );

function icon(): void {
	if ( ! has_site_icon() ) {
		printf( '<link rel="icon" href="%s" type="image/svg+xml">' . "\n", esc_url( get_theme_file_uri( 'assets/favicon.svg' ) ) );
	}
}
