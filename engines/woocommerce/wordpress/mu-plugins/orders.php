<?php
/**
 * The platform hears of each order as soon as it is placed, paid, cancelled or refunded, signed with ORDERS_SECRET. Without
 * ORDERS_URL nobody is told anything.
 *
 * What is told is all that holds of an order at that moment, each fact under a name that never changes, and the platform
 * counts each once. So it does not matter why an order was saved, nor whether a message comes twice or late.
 */

declare( strict_types=1 );

namespace StorePlatform;

require_once __DIR__ . '/orders/facts.php';
require_once __DIR__ . '/orders/message.php';
require_once __DIR__ . '/orders/telling.php';

if ( '' !== orders_url() ) {
	add_action( 'woocommerce_after_order_object_save', __NAMESPACE__ . '\\note_saved_order' );
	add_action( 'woocommerce_order_refunded', __NAMESPACE__ . '\\note_order' );
	add_action( 'shutdown', __NAMESPACE__ . '\\tell_of_noted_orders', 100 );
	add_action( TELLING, __NAMESPACE__ . '\\tell_or_try_again', 10, 2 );
}
