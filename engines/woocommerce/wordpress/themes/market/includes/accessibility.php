<?php
/**
 * What WooCommerce 10.7 leaves out for people who don't see the page, put right from outside.
 */

namespace Market;

add_filter( 'woocommerce_loop_add_to_cart_args', __NAMESPACE__ . '\\say_what_is_written' );
add_filter( 'render_block_woocommerce/product-image', __NAMESPACE__ . '\\one_link_per_card', 10, 2 );
add_action( 'wp_footer', 'ob_start', 9, 0 );
add_action( 'wp_footer', __NAMESPACE__ . '\\name_the_drawer', 11 );
add_action( 'wp_enqueue_scripts', __NAMESPACE__ . '\\plain_selects', 100 );
add_action( 'wp_print_footer_scripts', __NAMESPACE__ . '\\valid_autocomplete', 2 );

/** The button turns to "1 in cart", its label didn't: then what is seen can't be spoken to it. */
function say_what_is_written( array $button ): array {
	if ( is_singular( 'product' ) ) {
		unset( $button['attributes']['aria-label'] );
	}
	return $button;
}

/** On a card the title's link is enough; the picture keeps its text but is no second stop for the tab key. */
function one_link_per_card( string $html, array $block ): string {
	$link = new \WP_HTML_Tag_Processor( $html );
	if ( ! empty( $block['attrs']['isDescendentOfQueryLoop'] ) && $link->next_tag( 'a' ) ) {
		$link->set_attribute( 'tabindex', '-1' );
	}
	return $link->get_updated_html();
}

/** The cart's drawer, printed between priorities 9 and 11, is a dialog without a name. */
function name_the_drawer(): void {
	$drawer = new \WP_HTML_Tag_Processor( ob_get_clean() );
	if ( $drawer->next_tag( array( 'class_name' => 'wc-block-mini-cart__drawer' ) ) ) {
		$drawer->set_attribute( 'aria-label', __( 'Cart', 'market' ) );
	}
	echo $drawer->get_updated_html();
}

/** The classic forms' lists of countries and states get no name from selectWoo; the browser's own have one. */
function plain_selects(): void {
	wp_dequeue_script( 'selectWoo' );
	wp_dequeue_style( 'select2' );
}

/** "section-contact contact email" is no value of autocomplete, so browsers ignore it. */
function valid_autocomplete(): void {
	$mend = "if (window.wcSettings?.defaultFields?.email) wcSettings.defaultFields.email.attributes = { autoComplete: 'email' };";
	wp_add_inline_script( 'wc-settings', $mend, 'before' );
}
