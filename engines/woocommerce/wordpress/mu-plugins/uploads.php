<?php
/**
 * Uploads lie in the store's own folder; the router serves them where WordPress's readers expect them.
 */

declare( strict_types=1 );

namespace StorePlatform;

add_filter( 'pre_option_upload_path', fn (): string => store_dir() . '/uploads' );
add_filter( 'pre_option_upload_url_path', fn (): string => content_url( 'uploads' ) );

// WooCommerce's own logs are nobody's download.
add_filter( 'woocommerce_log_directory', fn (): string => store_dir() . '/logs/' );
