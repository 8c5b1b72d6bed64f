<?php
/**
 * What WordPress and WooCommerce do to an older version's database, now instead of bit by bit in visitors' requests.
 */

declare( strict_types=1 );

namespace StorePlatform\Setup;

/** WordPress is loaded, with WooCommerce, unless its owner has switched that off; its tables are up to date by then. */
function upgrade(): void {
	require_once ABSPATH . 'wp-admin/includes/upgrade.php';
	wp_upgrade();
	if ( defined( 'WC_ABSPATH' ) ) {
		upgrade_woocommerce();
	}
	flush_rewrite_rules( false );
}

/** The same steps that WooCommerce's own command line takes. */
function upgrade_woocommerce(): void {
	include_once WC_ABSPATH . 'includes/wc-update-functions.php';
	// What it has queued for later is done here and now.
	as_unschedule_all_actions( '', array(), 'woocommerce-db-updates' );
	$from = (string) get_option( 'woocommerce_db_version' );
	foreach ( \WC_Install::get_db_update_callbacks() as $version => $steps ) {
		foreach ( version_compare( $from, (string) $version, '<' ) ? $steps : array() as $step ) {
			while ( call_user_func( $step ) ) {
				continue; // A step that has more to do says so.
			}
		}
	}
	\WC_Install::update_db_version();
	\WC_Install::remove_update_db_notice();
}
