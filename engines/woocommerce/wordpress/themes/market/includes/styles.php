<?php
/**
 * Which of the files in assets/ a page needs. WordPress writes them into the page, so they cost no request.
 */

namespace Market;

add_action( 'wp_enqueue_scripts', __NAMESPACE__ . '\\styles', 20 );
add_action( 'after_setup_theme', __NAMESPACE__ . '\\editor_styles' );

function styles(): void {
	style( 'base' );
	if ( is_front_page() || is_archive() || is_search() || is_singular( 'product' ) ) {
		style( 'goods' );
	}
	if ( is_singular( 'product' ) ) {
		style( 'product' );
	}
	if ( ! class_exists( 'WooCommerce' ) ) {
		return;
	}
	if ( is_cart() || is_checkout() ) {
		style( 'sums' );
		style( is_cart() ? 'cart' : 'checkout' );
	}
	if ( is_order_received_page() ) {
		style( 'received' );
	}
	if ( is_account_page() ) {
		style( 'account' );
	}
}

/** Enqueues assets/<name>.css. */
function style( string $name ): void {
	$file = "/assets/$name.css";
	wp_enqueue_style( "market-$name", get_template_directory_uri() . $file, array(), wp_get_theme()->get( 'Version' ) );
	wp_style_add_data( "market-$name", 'path', get_template_directory() . $file );
}

/** What the site editor shows looks like the shop. */
function editor_styles(): void {
	add_editor_style( array( 'assets/base.css', 'assets/goods.css', 'assets/product.css' ) );
}
