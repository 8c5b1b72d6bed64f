<?php
/**
 * Application passwords work over plain HTTP too: a shop on this machine has no other, and the gateway adds TLS.
 */

declare( strict_types=1 );

namespace StorePlatform;

add_filter( 'wp_is_application_passwords_available', '__return_true' );
