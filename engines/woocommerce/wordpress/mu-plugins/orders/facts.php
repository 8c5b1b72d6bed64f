<?php
/**
 * What the platform is told of an order: that it was placed, for how much and what, and what became of it. Nothing of it
 * says who bought.
 */

declare( strict_types=1 );

namespace StorePlatform;

/** Of orders that nobody has placed, or whose payment was declined. */
const NOT_PLACED = array( 'auto-draft', 'checkout-draft', 'draft', 'failed', 'new', 'trash' );

const MOST_ITEMS   = 100;
const LONGEST_NAME = 255;

/** How many digits ISO 4217 gives a currency's minor unit, where it is not two. */
const DIGITS = array(
	0 => array( 'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF' ),
	3 => array( 'BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND' ),
	4 => array( 'CLF', 'UYW' ),
);

/** All that holds of the order now, as events of the platform's API. None as long as it is not placed, or nothing is in it. */
function facts_of( \WC_Order $order ): array {
	$items = items_of( $order );
	if ( array() === $items || $order->has_status( NOT_PLACED ) ) {
		return array();
	}
	$currency = $order->get_currency();
	$total    = minor_units( $order->get_total(), $currency );
	$refunded = minor_units( $order->get_total_refunded(), $currency );
	$facts    = array( fact( $order, 'placed' ) + array( 'total' => $total, 'items' => $items ) );
	if ( null !== $order->get_date_paid() ) {
		$facts[] = fact( $order, 'paid' );
	}
	if ( $order->has_status( 'cancelled' ) ) {
		$facts[] = fact( $order, 'cancelled' );
	}
	if ( $refunded > 0 ) {
		$facts[] = fact( $order, 'refunded', ":$refunded" ) + array( 'refunded' => $refunded );
	}
	return $facts;
}

function fact( \WC_Order $order, string $event, string $detail = '' ): array {
	$key = $order->get_order_key();
	return array(
		'storeId'    => setting( 'STORE_ID' ),
		'event'      => $event,
		'eventId'    => "$key:$event$detail",
		'externalId' => $key,
		'number'     => mb_substr( $order->get_order_number(), 0, 64 ),
		'currency'   => $order->get_currency(),
		// An owner may date an order as they like; the platform takes none from the future.
		'placedAt'   => gmdate( 'Y-m-d\TH:i:s\Z', min( time(), $order->get_date_created()->getTimestamp() ) ),
	);
}

/** What was bought, at the price that was really paid for one, taxes included. */
function items_of( \WC_Order $order ): array {
	$items = array();
	foreach ( array_slice( $order->get_items(), 0, MOST_ITEMS ) as $item ) {
		$quantity = max( 1, (int) round( (float) $item->get_quantity() ) );
		$paid     = (float) $item->get_total() + (float) $item->get_total_tax();
		$items[]  = array(
			'name'      => name_of( $item ),
			'quantity'  => $quantity,
			'unitPrice' => minor_units( $paid / $quantity, $order->get_currency() ),
		);
	}
	return $items;
}

/** The platform counts in UTF-16, where the signs beyond the first 65,536 count twice. */
function name_of( \WC_Order_Item $item ): string {
	$name  = trim( wp_strip_all_tags( $item->get_name() ) );
	$twice = 1 === preg_match( '/[\x{10000}-\x{10FFFF}]/u', $name );
	return '' === $name ? '?' : mb_substr( $name, 0, intdiv( LONGEST_NAME, $twice ? 2 : 1 ) );
}

/**
 * WooCommerce counts in major units: "19.99" dollars are 1999 cents, "1999" yen are 1999.
 *
 * @param string|float $amount
 */
function minor_units( $amount, string $currency ): int {
	$digits = 2;
	foreach ( DIGITS as $number => $currencies ) {
		$digits = in_array( $currency, $currencies, true ) ? $number : $digits;
	}
	return max( 0, (int) round( (float) $amount * 10 ** $digits ) );
}
