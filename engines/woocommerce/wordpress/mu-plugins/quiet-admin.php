<?php
/**
 * The admin without wizards, adverts and feeds: no set-up tasks, marketplace, suggestions, statistics or news.
 */

declare( strict_types=1 );

namespace StorePlatform;

const UNWANTED_FEATURES = array(
	'coming-soon-newsletter-template',
	'core-profiler',
	'coupons', // Moves the coupons into the marketing menu, which is gone.
	'customer-effort-score-tracks',
	'customize-store',
	'import-products-task',
	'launch-your-store',
	'marketing',
	'mobile-app-banner',
	'onboarding',
	'onboarding-tasks',
	'pattern-toolkit-full-composability',
	'payment-gateway-suggestions',
	'printful',
	'remote-free-extensions',
	'remote-inbox-notifications',
	'shipping-label-banner',
	'shipping-setting-tour',
	'shipping-smart-defaults',
	'wc-pay-promotion',
	'wc-pay-welcome-page',
	'woo-mobile-welcome',
);

add_filter( 'woocommerce_admin_features', fn ( array $names ): array => array_values( array_diff( $names, UNWANTED_FEATURES ) ) );
add_filter( 'woocommerce_show_addons_page', '__return_false' );
add_filter( 'woocommerce_allow_marketplace_suggestions', '__return_false' );
add_filter( 'woocommerce_enable_setup_wizard', '__return_false' );
add_filter( 'woocommerce_prevent_automatic_wizard_redirect', '__return_true' );
add_filter( 'woocommerce_tracks_event_properties', '__return_false' );
add_filter( 'pre_option_woocommerce_allow_tracking', fn (): string => 'no' );
add_filter( 'pre_option_woocommerce_show_marketplace_suggestions', fn (): string => 'no' );
add_filter( 'admin_email_check_interval', '__return_zero' );
add_action( 'admin_menu', fn () => remove_submenu_page( 'woocommerce', 'wc-admin&path=/extensions' ), 99 );
add_action( 'admin_menu', fn () => remove_submenu_page( 'tools.php', 'site-health.php' ), 99 );
add_action( 'wp_dashboard_setup', fn () => remove_meta_box( 'dashboard_primary', 'dashboard', 'side' ), 99 );
add_action( 'wp_dashboard_setup', fn () => remove_meta_box( 'dashboard_site_health', 'dashboard', 'normal' ), 99 );
