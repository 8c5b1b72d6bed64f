<?php
/**
 * The last page says thank you first, and names the order; WooCommerce's own heading is "Order received".
 */

namespace Market;

add_filter( 'woocommerce_thankyou_order_received_title', __NAMESPACE__ . '\\thanks', 10, 2 );
add_filter( 'woocommerce_thankyou_order_received_text', __NAMESPACE__ . '\\order_in_words', 10, 2 );

/** @param \WC_Order|false|null $order */
function thanks( string $title, $order ): string {
	return went_well( $order ) ? __( 'Thank you for your order', 'market' ) : $title;
}

/** @param \WC_Order|false|null $order */
function order_in_words( string $text, $order ): string {
	if ( ! went_well( $order ) ) {
		return $text;
	}
	/* translators: %s: number of the order */
	return sprintf( esc_html__( 'Order #%s has been received.', 'market' ), $order->get_order_number() );
}

/** @param \WC_Order|false|null $order */
function went_well( $order ): bool {
	return $order instanceof \WC_Order && $order->has_status( array( 'pending', 'on-hold', 'processing', 'completed' ) );
}
