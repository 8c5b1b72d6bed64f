<?php
/**
 * Neither the login nor "lost your password?" tells whether a name or an address has an account here.
 */

declare( strict_types=1 );

namespace StorePlatform;

/** Of a password that was thrown away. */
const NOBODYS_HASH = '$wp$2y$10$ZQNKQlm1yFvkrRxh6y96T.AM.jalRee89jRIEWBb9i9iPNjJhTeWK';

add_filter( 'authenticate', __NAMESPACE__ . '\\one_answer', 100, 3 );
add_filter( 'shake_error_codes', fn ( array $codes ): array => array( ...$codes, 'invalid_login' ) );
add_action( 'lostpassword_post', __NAMESPACE__ . '\\as_if_sent', 20, 2 );

/** @param null|\WP_User|\WP_Error $user */
function one_answer( $user, ?string $name, ?string $password ) {
	$telling = array( 'invalid_username', 'invalid_email', 'invalidcombo', 'incorrect_password' );
	if ( ! is_wp_error( $user ) || ! in_array( $user->get_error_code(), $telling, true ) ) {
		return $user;
	}
	if ( 'incorrect_password' !== $user->get_error_code() ) {
		// A name that exists costs the comparing of a password; so does one that does not.
		wp_check_password( (string) $password, NOBODYS_HASH );
	}
	return new \WP_Error( 'invalid_login', 'The user name or the password is not right.' );
}

/**
 * A stranger's name is answered like a known one: with the page that says to look into one's mail.
 *
 * @param false|\WP_User $user
 */
function as_if_sent( \WP_Error $errors, $user ): void {
	if ( false !== $user || in_array( $errors->get_error_code(), array( 'empty_username', THROTTLED ), true ) ) {
		return;
	}
	$by_wordpress = did_action( 'login_init' ) > 0;
	wp_safe_redirect(
		$by_wordpress
			? site_url( 'wp-login.php?checkemail=confirm' )
			: add_query_arg( 'reset-link-sent', 'true', wc_get_account_endpoint_url( 'lost-password' ) )
	);
	exit;
}
