<?php
/**
 * WooCommerce's classic scripts (jQuery) and styles, left out of pages that are made of blocks only.
 */

namespace Market;

/** The last makes tabs and stars of a good's details; without it they are a plain page and a plain list to choose from. */
const CLASSIC_SCRIPTS = array( 'woocommerce', 'wc-add-to-cart', 'wc-cart-fragments', 'wc-single-product' );

add_action( 'wp_enqueue_scripts', __NAMESPACE__ . '\\drop_classic_scripts', 100 );
add_filter( 'wp_resource_hints', __NAMESPACE__ . '\\no_way_back', 100, 2 );
add_filter( 'woocommerce_enqueue_styles', __NAMESPACE__ . '\\drop_classic_styles' );

function drop_classic_scripts(): void {
	if ( blocks_only() ) {
		array_map( 'wp_dequeue_script', CLASSIC_SCRIPTS );
	}
}

/** WooCommerce has the checkout's scripts fetched beforehand, which helps, but from there the cart's too. */
function no_way_back( array $addresses, string $relation ): array {
	return 'prefetch' === $relation && is_checkout() ? array() : $addresses;
}

/** @param array|false $styles */
function drop_classic_styles( $styles ): array {
	return is_array( $styles ) && ! blocks_only() ? $styles : array();
}

/** Whether nothing on the page comes from WooCommerce's classic templates, as far as this theme decides. */
function blocks_only(): bool {
	if ( ! class_exists( 'WooCommerce' ) || is_wc_endpoint_url( 'order-pay' ) ) {
		return false;
	}
	$page = get_queried_object();
	return is_front_page() || is_woocommerce() || is_search() || is_404()
		|| ( $page instanceof \WP_Post && ( has_block( 'woocommerce/cart', $page ) || has_block( 'woocommerce/checkout', $page ) ) );
}
