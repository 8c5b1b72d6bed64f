<?php
/**
 * WooCommerce → Mail: what the shop would have sent. A message's HTML is shown in a frame that may neither run scripts
 * nor reach the admin's session.
 */

declare( strict_types=1 );

namespace StorePlatform;

const MAIL_PAGE      = 'store-platform-mail';
const MAILS_PER_PAGE = 50;

add_action( 'admin_menu', __NAMESPACE__ . '\\add_mail_page', 60 );

function add_mail_page(): void {
	add_submenu_page( 'woocommerce', 'Mail', 'Mail', 'manage_woocommerce', MAIL_PAGE, __NAMESPACE__ . '\\show_mail_page' );
}

function show_mail_page(): void {
	$name = isset( $_GET['message'] ) && is_string( $_GET['message'] ) ? $_GET['message'] : '';
	echo '<div class="wrap"><h1>Mail</h1>';
	if ( is_mail_name( $name ) && is_file( mail_folder() . "/$name" ) ) {
		show_mail( read_message( (string) file_get_contents( mail_folder() . "/$name" ) ) );
	} else {
		show_mails( max( 1, (int) ( $_GET['paged'] ?? 1 ) ) );
	}
	echo '</div>';
}

function show_mails( int $page ): void {
	$names = kept_mails();
	echo '<p>' . esc_html( sprintf( 'Mail of this shop is kept here and not sent. The newest %d messages are kept.', KEPT_MAILS ) ) . '</p>';
	if ( array() === $names ) {
		echo '<p>There is none yet.</p>';
		return;
	}
	echo '<table class="widefat striped"><thead><tr><th scope="col">Time</th><th scope="col">To</th><th scope="col">Subject</th></tr></thead><tbody>';
	foreach ( array_slice( $names, ( $page - 1 ) * MAILS_PER_PAGE, MAILS_PER_PAGE ) as $name ) {
		show_row( $name );
	}
	echo '</tbody></table>';
	show_pages( $page, (int) ceil( count( $names ) / MAILS_PER_PAGE ) );
}

function show_row( string $name ): void {
	// Of a message only its head is read for the list.
	$message = read_message( (string) file_get_contents( mail_folder() . "/$name", false, null, 0, 8192 ) );
	printf(
		'<tr><td>%s</td><td>%s</td><td><a href="%s">%s</a></td></tr>',
		esc_html( wp_date( 'Y-m-d H:i', strtotime( substr( $name, 0, 16 ) ) ) ),
		esc_html( $message['headers']['to'] ?? '' ),
		esc_url( mail_url( array( 'message' => $name ) ) ),
		esc_html( $message['headers']['subject'] ?? '' ?: '(no subject)' )
	);
}

function show_pages( int $page, int $pages ): void {
	$links = paginate_links( array( 'base' => mail_url( array( 'paged' => '%#%' ) ), 'current' => $page, 'total' => $pages ) );
	echo null === $links ? '' : '<div class="tablenav"><div class="tablenav-pages">' . wp_kses_post( $links ) . '</div></div>';
}

function show_mail( array $message ): void {
	printf( '<p><a href="%s">All mail</a></p><table class="form-table"><tbody>', esc_url( mail_url() ) );
	foreach ( array( 'date', 'from', 'to', 'cc', 'bcc', 'reply-to', 'subject' ) as $header ) {
		if ( isset( $message['headers'][ $header ] ) ) {
			printf( '<tr><th scope="row">%s</th><td>%s</td></tr>', esc_html( ucfirst( $header ) ), esc_html( $message['headers'][ $header ] ) );
		}
	}
	echo '</tbody></table>';
	if ( null !== $message['html'] ) {
		// Not esc_attr(), which leaves what looks like an entity as it is.
		$document = htmlspecialchars( $message['html'], ENT_QUOTES );
		printf( '<iframe title="The message" sandbox="" style="width:100%%;height:70vh;background:#fff" srcdoc="%s"></iframe>', $document );
	} else {
		printf( '<pre style="white-space:pre-wrap">%s</pre>', esc_html( (string) $message['text'] ) );
	}
}

/** @param array<string, string> $query */
function mail_url( array $query = array() ): string {
	return add_query_arg( array( 'page' => MAIL_PAGE ) + $query, admin_url( 'admin.php' ) );
}
