<?php
/**
 * The mailer that keeps.
 */

declare( strict_types=1 );

namespace StorePlatform;

require_once ABSPATH . WPINC . '/PHPMailer/PHPMailer.php';
require_once ABSPATH . WPINC . '/PHPMailer/SMTP.php';
require_once ABSPATH . WPINC . '/PHPMailer/Exception.php';
require_once ABSPATH . WPINC . '/class-wp-phpmailer.php';

class Kept_Mail extends \WP_PHPMailer {

	public function __construct( $exceptions = false ) {
		parent::__construct( $exceptions );
		self::$validator = static fn ( $email ): bool => (bool) is_email( $email );
	}

	/**
	 * Called in place of PHP's mail().
	 *
	 * @param string $header
	 * @param string $body
	 */
	protected function mailSend( $header, $body ): bool {
		keep_mail( $this->getSentMIMEMessage() );
		return true;
	}
}
