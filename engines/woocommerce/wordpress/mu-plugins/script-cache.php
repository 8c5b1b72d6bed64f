<?php
/**
 * WooCommerce caches what it knows of its scripts with their full addresses, and throws it away when the shop's address
 * is another. A shop has two addresses: here the cache is stored without either, so that it holds for both, and for
 * every shop from the beginning.
 */

declare( strict_types=1 );

namespace StorePlatform;

const ANY_ADDRESS = '{{address}}';

foreach ( array( '', '_ssl' ) as $kind ) {
	add_filter( "pre_set_transient_woocommerce_blocks_asset_api_script_data$kind", __NAMESPACE__ . '\\without_address' );
	add_filter( "transient_woocommerce_blocks_asset_api_script_data$kind", __NAMESPACE__ . '\\with_address' );
}
unset( $kind );

/** @param mixed $json */
function without_address( $json ) {
	return is_string( $json ) ? str_replace( json_address(), ANY_ADDRESS, $json ) : $json;
}

/**
 * Puts this request's address in, and WooCommerce's mark of what the cache belongs to: address, version and place.
 *
 * @param mixed $json
 */
function with_address( $json ) {
	$cache = is_string( $json ) ? json_decode( str_replace( ANY_ADDRESS, json_address(), $json ), true ) : null;
	if ( ! is_array( $cache ) ) {
		return $json;
	}
	$cache['hash'] = md5( get_option( 'siteurl' ) . ( $cache['version'] ?? '' ) . WP_PLUGIN_DIR . '/woocommerce/' );
	return wp_json_encode( $cache );
}

/** As it stands within JSON: with its slashes escaped. */
function json_address(): string {
	return trim( (string) wp_json_encode( site_url() ), '"' );
}
