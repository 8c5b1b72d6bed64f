<?php
/**
 * How large the pictures of goods are made, and how large the browser is told that they are shown.
 */

namespace Market;

/** The cards' pictures: half a phone, a third of a wide page. */
const CARD_SIZES = '(min-width: 78rem) 22rem, (min-width: 48rem) 30vw, 45vw';

add_action( 'after_setup_theme', __NAMESPACE__ . '\\picture_sizes' );
add_filter( 'wp_editor_set_quality', __NAMESPACE__ . '\\smooth_backgrounds', 10, 2 );
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

/** At WordPress's 86 soft backgrounds show bands in WebP. */
function smooth_backgrounds( int $quality, string $type ): int {
	return 'image/webp' === $type ? max( $quality, 92 ) : $quality;
}

/** Without this the browser is told that a card is as wide as its file. */
function card_sizes( array $attributes, \WP_Post $picture, $size ): array {
	if ( 'woocommerce_thumbnail' === $size ) {
		$attributes['sizes'] = CARD_SIZES;
	}
	return $attributes;
}
