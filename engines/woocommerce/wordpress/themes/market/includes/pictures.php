<?php
/**
 * How large the pictures of goods are made, and how large the browser is told that they are shown.
 */

namespace Market;

/** The cards' pictures: half a phone, a third of a wide page. */
const CARD_SIZES = '(min-width: 78rem) 22rem, (min-width: 48rem) 30vw, 45vw';

add_action( 'after_setup_theme', __NAMESPACE__ . '\\picture_sizes' );
add_filter( 'wp_get_attachment_image_attributes', __NAMESPACE__ . '\\card_sizes', 10, 3 );

function picture_sizes(): void {
	add_theme_support(
		'woocommerce',
		array(
			'thumbnail_image_width' => 600,
			'single_image_width'    => 1000,
		)
	);
}

/** Without this the browser is told that a card is as wide as its file. */
function card_sizes( array $attributes, \WP_Post $picture, $size ): array {
	if ( 'woocommerce_thumbnail' === $size ) {
		$attributes['sizes'] = CARD_SIZES;
	}
	return $attributes;
}
