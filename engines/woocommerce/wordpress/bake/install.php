<?php
/**
 * WordPress itself: its tables, one admin whose password nobody knows, no sample content.
 */

declare( strict_types=1 );

namespace StorePlatform\Bake;

function install(): void {
	require_once ABSPATH . 'wp-admin/includes/upgrade.php';
	// WordPress has looked for tables that were not there yet.
	$GLOBALS['EZSQL_ERROR'] = array();
	// Its welcome mail would hold the password.
	remove_all_filters( 'wp_install' );
	add_filter( 'pre_wp_mail', '__return_true', 1 );
	$result = wp_install( 'Shop', bin2hex( random_bytes( 8 ) ), 'owner@example.com', true, '', bin2hex( random_bytes( 32 ) ) );
	\StorePlatform\OWNER_ID === (int) $result['user_id'] || fail( 'The admin has another number than the claim expects.' );
	delete_samples();
	\StorePlatform\create_attempts_table();
	foreach ( site_options() as $name => $value ) {
		update_option( $name, $value );
	}
}

/** The greeting, the sample page, the draft of a privacy policy (WooCommerce's pages follow) and the sample comment. */
function delete_samples(): void {
	foreach ( get_posts( array( 'post_type' => 'any', 'post_status' => 'any', 'numberposts' => -1, 'fields' => 'ids' ) ) as $id ) {
		ok( wp_delete_post( $id, true ), 'Deleting a sample' );
	}
}

function site_options(): array {
	return array(
		'active_plugins'               => array( 'woocommerce/woocommerce.php' ),
		'template'                     => 'market',
		'stylesheet'                   => 'market',
		'permalink_structure'          => '/%postname%/',
		'rewrite_rules'                => '',
		'blogdescription'              => '',
		'timezone_string'              => 'America/New_York',
		'default_comment_status'       => 'closed',
		'default_ping_status'          => 'closed',
		'default_pingback_flag'        => '0',
		'comment_moderation'           => '1',
		'users_can_register'           => '0',
		'show_avatars'                 => '0',
		'show_on_front'                => 'posts', // The theme's front page stands in the list's place.
		'blog_public'                  => '1',
		'fresh_site'                   => '0',
		'uploads_use_yearmonth_folders' => '1',
		'wp_page_for_privacy_policy'   => '0',
	);
}
