<?php
/**
 * Guessing passwords is slow: after too many failures from one address, or for one account from addresses that never
 * signed in to it, logins and application passwords are answered with 429 for the rest of a quarter of an hour.
 *
 * An address that has signed in to an account before keeps its way in, so that nobody can lock an owner out.
 */

declare( strict_types=1 );

namespace StorePlatform;

require_once __DIR__ . '/login/attempts.php';

const THROTTLED = 'too_many_attempts';

add_filter( 'authenticate', __NAMESPACE__ . '\\stop_guessing', 1, 2 );
add_action( 'wp_login_failed', __NAMESPACE__ . '\\count_login', 10, 2 );
add_action( 'wp_login', fn ( string $name ) => remember_success( $name ) );

add_filter( 'determine_current_user', __NAMESPACE__ . '\\stop_guessing_by_api', 19 );
add_action( 'application_password_failed_authentication', fn () => count_failure( $_SERVER['PHP_AUTH_USER'] ?? '' ) );
add_action( 'application_password_did_authenticate', fn ( \WP_User $user ) => remember_success( $user->user_login ) );

// Each request for a new password writes a mail; those are counted too.
add_action( 'lostpassword_post', __NAMESPACE__ . '\\stop_asking', 1 );

/** @param null|\WP_User|\WP_Error $user */
function stop_guessing( $user, ?string $name ) {
	if ( null === $name || '' === $name || ! is_throttled( $name ) ) {
		return $user;
	}
	remove_filter( 'authenticate', 'wp_authenticate_username_password', 20 );
	remove_filter( 'authenticate', 'wp_authenticate_email_password', 20 );
	remove_filter( 'authenticate', 'wp_authenticate_application_password', 20 );
	return throttled();
}

function count_login( string $name, \WP_Error $error ): void {
	if ( THROTTLED !== $error->get_error_code() ) {
		count_failure( $name );
	}
}

/** @param int|false $user */
function stop_guessing_by_api( $user ) {
	$name = $_SERVER['PHP_AUTH_USER'] ?? '';
	if ( ! empty( $user ) || '' === $name || ! is_throttled( $name ) ) {
		return $user;
	}
	remove_filter( 'determine_current_user', 'wp_validate_application_password', 20 );
	add_filter( 'rest_authentication_errors', fn () => throttled(), 1 );
	return $user;
}

function stop_asking( \WP_Error $errors ): void {
	if ( is_throttled( '' ) ) {
		$errors->add( THROTTLED, throttled()->get_error_message() );
		return;
	}
	count_failure( '' );
}

/** The answer, whose status and header are set wherever it will be shown. */
function throttled(): \WP_Error {
	$status = fn () => headers_sent() ? null : status_header( 429 );
	$status();
	// A page of the shop sets its own status later.
	add_action( 'template_redirect', $status );
	if ( ! headers_sent() ) {
		header( 'Retry-After: ' . WINDOW_SECONDS );
	}
	return new \WP_Error( THROTTLED, 'Too many failed logins. Please try again in 15 minutes.', array( 'status' => 429 ) );
}
