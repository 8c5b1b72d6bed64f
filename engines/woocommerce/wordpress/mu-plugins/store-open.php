<?php
/**
 * A shop is open from its first second: WooCommerce's "coming soon" page never shows.
 */

declare( strict_types=1 );

namespace StorePlatform;

add_filter( 'pre_option_woocommerce_coming_soon', fn (): string => 'no' );
add_filter( 'pre_option_woocommerce_store_pages_only', fn (): string => 'no' );
