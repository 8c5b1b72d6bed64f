<?php
/**
 * Mail is kept, not sent: every message becomes a file below STORE_DIR/mail, and the owner reads it in
 * WooCommerce → Mail. WordPress composes it as always; only the last step is another.
 */

declare( strict_types=1 );

namespace StorePlatform;

require_once __DIR__ . '/mail/folder.php';

add_filter( 'pre_wp_mail', __NAMESPACE__ . '\\use_kept_mail' );
add_filter( 'wp_mail_from', __NAMESPACE__ . '\\possible_sender' );

if ( is_admin() ) {
	require_once __DIR__ . '/mail/message.php';
	require_once __DIR__ . '/mail/page.php';
}

/**
 * @param null|bool $answer
 * @return null|bool
 */
function use_kept_mail( $answer ) {
	global $phpmailer;
	if ( ! $phpmailer instanceof Kept_Mail ) {
		require_once __DIR__ . '/mail/kept-mail.php';
		$phpmailer = new Kept_Mail( true );
	}
	return $answer;
}

/** WordPress's default, `wordpress@` and the host, is no valid sender where the host is an address with numbers. */
function possible_sender( string $sender ): string {
	return str_starts_with( $sender, 'wordpress@' ) || ! is_email( $sender ) ? get_option( 'admin_email' ) : $sender;
}
