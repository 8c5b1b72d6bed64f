<?php
/**
 * The folder of kept mail: a file a message, as RFC 822 has it, named by its time so that names sort.
 */

declare( strict_types=1 );

namespace StorePlatform;

const KEPT_MAILS = 500;

function mail_folder(): string {
	return store_dir() . '/mail';
}

/** Writes the message whole or not at all, then forgets the oldest beyond KEPT_MAILS. */
function keep_mail( string $message ): void {
	$folder = mail_folder();
	if ( ! is_dir( $folder ) ) {
		wp_mkdir_p( $folder );
	}
	$name = gmdate( 'Ymd\THis\Z' ) . '-' . bin2hex( random_bytes( 6 ) ) . '.eml';
	if ( false === file_put_contents( "$folder/.$name", $message ) || ! rename( "$folder/.$name", "$folder/$name" ) ) {
		throw new \RuntimeException( 'The mail can\'t be kept.' );
	}
	foreach ( array_slice( kept_mails(), KEPT_MAILS ) as $old ) {
		@unlink( "$folder/$old" ); // Another request may have been faster.
	}
}

/** Names of the kept messages, newest first. */
function kept_mails(): array {
	$names = is_dir( mail_folder() ) ? scandir( mail_folder(), SCANDIR_SORT_DESCENDING ) : array();
	return array_values( array_filter( $names, __NAMESPACE__ . '\\is_mail_name' ) );
}

function is_mail_name( string $name ): bool {
	return 1 === preg_match( '/^\d{8}T\d{6}Z-[0-9a-f]{12}\.eml$/', $name );
}
