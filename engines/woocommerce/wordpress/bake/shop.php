<?php
/**
 * What WooCommerce's wizard would ask, answered: a shop in the United States that sells in dollars to the whole world,
 * paid in cash on delivery.
 */

declare( strict_types=1 );

namespace StorePlatform\Bake;

function set_up_shop(): void {
	class_exists( 'WooCommerce' ) || fail( 'WooCommerce did not load.' );
	// On its first start WooCommerce has installed itself by now, after it had looked for tables that were not there yet.
	\WC_Install::install();
	$GLOBALS['EZSQL_ERROR'] = array();
	// What WooCommerce does at the first sight of its admin, such as closing the shop, is done now and overruled below.
	delete_option( 'woocommerce_refund_returns_page_id' );
	\WC_Install::newly_installed();
	foreach ( shop_options() as $name => $value ) {
		update_option( $name, $value );
	}
	make_pages();
	ship_everywhere();
	delete_option( '_wc_needs_update' );
	delete_option( 'woocommerce_refund_returns_page_id' );
	delete_option( 'woocommerce_refund_returns_page_created' );
	delete_transient( '_wc_activation_redirect' );
	update_user_meta( \StorePlatform\OWNER_ID, 'woocommerce_admin_homepage_stats', '{"installJetpackDismissed":true}' );
	\WC_Admin_Notices::remove_all_notices();
	// Not by WP_Rewrite::init(), which drops WooCommerce's endpoints.
	delete_option( 'rewrite_rules' );
	flush_rewrite_rules( false );
	str_contains( serialize( get_option( 'rewrite_rules' ) ), 'order-received' ) || fail( 'The checkout has no last page.' );
}

function shop_options(): array {
	return array(
		'woocommerce_store_address'                       => '1 Market Street',
		'woocommerce_store_city'                          => 'New York',
		'woocommerce_default_country'                     => 'US:NY',
		'woocommerce_store_postcode'                      => '10001',
		'woocommerce_currency'                            => 'USD',
		'woocommerce_calc_taxes'                          => 'no',
		'woocommerce_allowed_countries'                   => 'all',
		'woocommerce_ship_to_countries'                   => '',
		'woocommerce_default_customer_address'            => 'base',
		'woocommerce_enable_guest_checkout'               => 'yes',
		'woocommerce_enable_checkout_login_reminder'      => 'no',
		'woocommerce_enable_signup_and_login_from_checkout' => 'no',
		'woocommerce_enable_myaccount_registration'       => 'no',
		'woocommerce_manage_stock'                        => 'yes',
		'woocommerce_hold_stock_minutes'                  => '60',
		'woocommerce_enable_reviews'                      => 'yes',
		'woocommerce_cod_settings'                        => cash_on_delivery(),
		// Orders in tables of their own, and only there.
		'woocommerce_custom_orders_table_enabled'         => 'yes',
		'woocommerce_custom_orders_table_data_sync_enabled' => 'no',
		'woocommerce_coming_soon'                         => 'no',
		'woocommerce_store_pages_only'                    => 'no',
		'woocommerce_allow_tracking'                      => 'no',
		'woocommerce_show_marketplace_suggestions'        => 'no',
		'woocommerce_merchant_email_notifications'        => 'no',
		'woocommerce_feature_site_visibility_badge_enabled' => 'no',
		'woocommerce_onboarding_profile'                  => array( 'skipped' => true, 'completed' => true ),
		'woocommerce_task_list_hidden'                    => 'yes',
		'woocommerce_task_list_hidden_lists'              => array( 'setup', 'extended', 'secret_tasklist' ),
		'woocommerce_task_list_complete'                  => 'yes',
		'woocommerce_task_list_welcome_modal_dismissed'   => 'yes',
		'woocommerce_extended_task_list_hidden'           => 'yes',
		// Its list of folders holds addresses of the shop, of which there is not only one.
		'wc_downloads_approved_directories_mode'          => 'disabled',
		'woocommerce_analytics_scheduled_import'          => 'no',
	);
}

function cash_on_delivery(): array {
	return array(
		'enabled'            => 'yes',
		'title'              => 'Cash on delivery',
		'description'        => 'Pay with cash when your order arrives.',
		'instructions'       => 'Pay with cash when your order arrives.',
		'enable_for_methods' => array(),
		'enable_for_virtual' => 'yes',
	);
}

/** Shop, cart, checkout (as blocks) and account are WooCommerce's own; terms and privacy are ours to begin with. */
function make_pages(): void {
	\WC_Install::create_pages();
	foreach ( array( 'shop', 'cart', 'checkout', 'myaccount' ) as $page ) {
		wc_get_page_id( $page ) > 0 || fail( "WooCommerce made no page for $page." );
	}
	foreach ( array( 'cart', 'checkout' ) as $page ) {
		has_block( "woocommerce/$page", wc_get_page_id( $page ) ) || fail( "The page for $page has no block." );
	}
	$sample = get_page_by_path( 'refund_returns' );
	if ( $sample instanceof \WP_Post ) {
		ok( wp_delete_post( $sample->ID, true ), 'Deleting the sample of a refund policy' );
	}
	update_option( 'wp_page_for_privacy_policy', make_page( 'Privacy policy', 'privacy-policy', PRIVACY ) );
	update_option( 'woocommerce_terms_page_id', make_page( 'Terms of sale', 'terms', TERMS ) );
}

const PRIVACY = array(
	'We use what you enter at checkout, your name, addresses, e-mail and phone number, to deliver your order, and keep it with the order as long as the law asks us to.',
	'The shop sets cookies that remember your cart and, if you sign in, your session. It loads nothing from other companies and measures nobody.',
	'Write to us when you want to know what we have stored about you, or want it changed or deleted.',
);

const TERMS = array(
	'Prices are in US dollars. Shipping is added at checkout, before you order.',
	'You pay in cash when your order arrives.',
	'You may send back what you bought within 30 days, unused, and get your money back.',
);

/** The page's number. */
function make_page( string $title, string $slug, array $paragraphs ): int {
	$page = get_page_by_path( $slug );
	$html = array_map( fn ( string $text ): string => "<!-- wp:paragraph -->\n<p>$text</p>\n<!-- /wp:paragraph -->", $paragraphs );
	$post = array(
		'ID'           => $page->ID ?? 0,
		'post_type'    => 'page',
		'post_status'  => 'publish',
		'post_author'  => \StorePlatform\OWNER_ID,
		'post_title'   => $title,
		'post_name'    => $slug,
		'post_content' => implode( "\n\n", $html ),
	);
	return ok( wp_insert_post( $post, true ), "Making the page $title" );
}

/** One rate in the zone of everything that no other zone covers, and there is no other. */
function ship_everywhere(): void {
	$zone = new \WC_Shipping_Zone( 0 );
	if ( array() === $zone->get_shipping_methods() ) {
		$instance = ok( $zone->add_shipping_method( 'flat_rate' ), 'Adding the shipping rate' );
		$settings = array( 'title' => 'Standard shipping', 'tax_status' => 'none', 'cost' => '5.00' );
		update_option( "woocommerce_flat_rate_{$instance}_settings", $settings );
	}
	\WC_Cache_Helper::get_transient_version( 'shipping', true );
}
