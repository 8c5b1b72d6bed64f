<?php
/**
 * The server asks nobody anything: no updates, news, suggestions or statistics, and not itself either, for a page that
 * waits for another worker can hang. Only the owner's own webhooks go out, and what the platform is told of orders.
 */

declare( strict_types=1 );

namespace StorePlatform;

// Both deliveries and the ping before the first one pass here, and nothing else does.
add_filter( 'woocommerce_webhook_http_args', fn ( array $request ): array => $request + array( 'store_platform_webhook' => true ) );
add_filter( 'pre_http_request', __NAMESPACE__ . '\\stay_inside', 1, 3 );

/** @param false|array|\WP_Error $answer */
function stay_inside( $answer, array $request, string $url ) {
	if ( ! empty( $request['store_platform_webhook'] ) || ( '' !== $url && orders_url() === $url ) ) {
		return $answer;
	}
	return new \WP_Error( 'http_request_blocked', 'This shop makes no requests to other servers: ' . wp_parse_url( $url, PHP_URL_HOST ) );
}
