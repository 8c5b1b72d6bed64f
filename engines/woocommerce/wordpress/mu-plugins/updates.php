<?php
/**
 * The platform brings new versions. WordPress neither looks for them nor says that it could not.
 */

declare( strict_types=1 );

namespace StorePlatform;

foreach ( array( 'core', 'plugins', 'themes' ) as $kind ) {
	add_filter( "pre_site_transient_update_$kind", __NAMESPACE__ . '\\nothing_new' );
}
unset( $kind );

add_filter( 'pre_schedule_event', __NAMESPACE__ . '\\without_outside_chores', 10, 2 );
add_filter( 'site_status_tests', fn ( array $tests ): array => array( 'async' => array() ) + $tests );
add_action( 'init', __NAMESPACE__ . '\\never_look', 0 );
foreach ( array( 'themes_api', 'plugins_api', 'translations_api' ) as $catalogue ) {
	add_filter( $catalogue, fn () => new \WP_Error( 'no_catalogue', 'This shop asks no catalogue of WordPress.org.' ) );
}
unset( $catalogue );

function never_look(): void {
	remove_action( 'init', 'wp_schedule_update_checks' );
	remove_action( 'admin_init', '_maybe_update_core' );
	foreach ( array( 'plugins', 'themes' ) as $kind ) {
		remove_action( 'admin_init', "_maybe_update_$kind" );
		foreach ( array( "load-$kind.php", 'load-update.php', 'load-update-core.php' ) as $page ) {
			remove_action( $page, "wp_update_$kind" );
		}
	}
}

function nothing_new(): object {
	return (object) array(
		'last_checked'    => time(),
		'version_checked' => wp_get_wp_version(),
		'updates'         => array(),
		'response'        => array(),
		'no_update'       => array(),
		'translations'    => array(),
		'checked'         => array(),
	);
}

/**
 * Keeps chores off the schedule that only ask other servers.
 *
 * @param null|bool|\WP_Error $answer
 */
function without_outside_chores( $answer, object $event ) {
	$outside = array(
		'wp_version_check',
		'wp_update_plugins',
		'wp_update_themes',
		'wp_site_health_scheduled_check',
		'woocommerce_tracker_send_event',
		'woocommerce_marketplace_cron_fetch_promotions',
		'woocommerce_geoip_updater',
	);
	return in_array( $event->hook, $outside, true ) ? false : $answer;
}
