<?php
/**
 * The claim: a baked shop becomes its owner's. It happens once; afterwards all of this is the owner's to change. It is the
 * health check's first call that claims, or setup.php where the database is a server's.
 */

declare( strict_types=1 );

namespace StorePlatform;

/** Of the admin whom baking made, with a password that nobody knows. */
const OWNER_ID = 1;

/**
 * Gives the shop its name, login and keys from the environment. Safe to repeat after any interruption: each step sets
 * and none adds, and the mark that it is done comes last.
 */
function claim(): void {
	$lock = fopen( store_dir() . '/.claim.lock', 'c' );
	flock( $lock, LOCK_EX );
	clearstatcache();
	if ( ! is_claimed() ) {
		give_to_owner();
		mark_as_claimed();
	}
	flock( $lock, LOCK_UN );
}

function give_to_owner(): void {
	name_shop( setting( 'STORE_NAME' ), setting( 'ADMIN_EMAIL' ) );
	give_login( setting( 'ADMIN_USER' ), setting( 'ADMIN_EMAIL' ), setting( 'ADMIN_PASSWORD' ) );
	give_application_password( setting( 'APPLICATION_PASSWORD' ) );
}

function name_shop( string $name, string $email ): void {
	remove_action( 'update_option_admin_email', 'wp_site_admin_email_change_notification' );
	$options = array(
		'blogname'                          => $name,
		'admin_email'                       => $email,
		'woocommerce_email_from_name'       => $name,
		'woocommerce_email_from_address'    => $email,
		'woocommerce_stock_email_recipient' => $email,
		'woocommerce_store_id'              => wp_generate_uuid4(),
	);
	array_map( 'update_option', array_keys( $options ), $options );
}

/** What strangers may see of the owner (nice name, display name) is not what the owner types to sign in. */
function give_login( string $name, string $email, string $password ): void {
	global $wpdb;
	$wpdb->update(
		$wpdb->users,
		array(
			'user_login'      => $name,
			'user_pass'       => wp_hash_password( $password ),
			'user_email'      => $email,
			'user_nicename'   => 'shop-owner',
			'display_name'    => 'Shop owner',
			'user_registered' => gmdate( 'Y-m-d H:i:s' ),
		),
		array( 'ID' => OWNER_ID )
	);
	if ( '' !== $wpdb->last_error ) {
		throw new \RuntimeException( "The login can't be set: $wpdb->last_error" );
	}
	clean_user_cache( OWNER_ID );
}

/** WordPress's own function would invent the password; this one is the platform's. */
function give_application_password( string $password ): void {
	$entry = array(
		'uuid'      => wp_generate_uuid4(),
		'app_id'    => '',
		'name'      => 'Store platform',
		'password'  => \WP_Application_Passwords::hash_password( $password ),
		'created'   => time(),
		'last_used' => null,
		'last_ip'   => null,
	);
	update_user_meta( OWNER_ID, \WP_Application_Passwords::USERMETA_KEY_APPLICATION_PASSWORDS, array( $entry ) );
	update_network_option( get_main_network_id(), \WP_Application_Passwords::OPTION_KEY_IN_USE, true );
}

function mark_as_claimed(): void {
	$mark = store_dir() . '/.claimed';
	if ( false === file_put_contents( "$mark.new", gmdate( 'c' ) . "\n" ) || ! rename( "$mark.new", $mark ) ) {
		throw new \RuntimeException( 'The store\'s folder can\'t be written.' );
	}
}
