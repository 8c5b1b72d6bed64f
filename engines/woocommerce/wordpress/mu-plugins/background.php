<?php
/**
 * WooCommerce's background work runs when the platform calls wp-cron.php, never by the shop calling itself.
 */

declare( strict_types=1 );

namespace StorePlatform;

add_filter( 'action_scheduler_allow_async_request_runner', '__return_false' );
add_filter( 'woocommerce_background_image_regeneration', '__return_false' );
