<?php
/**
 * Reads a kept message: as much of MIME as WordPress's own mails need.
 */

declare( strict_types=1 );

namespace StorePlatform;

/** @return array{headers: array<string, string>, html: ?string, text: ?string} */
function read_message( string $raw ): array {
	list( $headers, $body ) = split_part( $raw );
	$found                  = array( 'headers' => array_map( __NAMESPACE__ . '\\decode_header', $headers ), 'html' => null, 'text' => null );
	collect_texts( $headers, $body, $found );
	return $found;
}

/** Headers by lower-case name, unfolded but not decoded, and what follows the empty line. */
function split_part( string $raw ): array {
	list( $head, $body ) = preg_split( '/\r?\n\r?\n/', $raw, 2 ) + array( 1 => '' );
	$headers = array();
	foreach ( preg_split( '/\r?\n(?![ \t])/', $head ) as $line ) {
		list( $name, $value )          = explode( ':', $line, 2 ) + array( 1 => '' );
		$headers[ strtolower( $name ) ] = trim( preg_replace( '/\r?\n[ \t]+/', ' ', $value ) );
	}
	return array( $headers, $body );
}

/** Takes the first HTML and the first plain text, going into parts of parts. */
function collect_texts( array $headers, string $body, array &$found ): void {
	$type = strtolower( $headers['content-type'] ?? 'text/plain' );
	if ( str_starts_with( $type, 'multipart/' ) ) {
		preg_match( '/boundary="?([^";]+)"?/i', $headers['content-type'], $match );
		foreach ( array_slice( explode( '--' . ( $match[1] ?? '' ), $body ), 1, -1 ) as $part ) {
			list( $inner, $text ) = split_part( ltrim( $part, "\r\n" ) );
			collect_texts( $inner, $text, $found );
		}
		return;
	}
	$kind = str_starts_with( $type, 'text/html' ) ? 'html' : ( str_starts_with( $type, 'text/plain' ) ? 'text' : null );
	if ( null !== $kind ) {
		$found[ $kind ] ??= decode_text( $headers, $body );
	}
}

/** Encoded words (`=?UTF-8?Q?…?=`) as text. PHP's own function leaves underscores in them before 8.3. */
function decode_header( string $value ): string {
	$joined = preg_replace( '/(\?=)\s+(=\?)/', '$1$2', $value );
	return preg_replace_callback(
		'/=\?([\w-]+)\?([QB])\?([^?]*)\?=/i',
		function ( array $word ): string {
			$bytes = 'B' === strtoupper( $word[2] )
				? (string) base64_decode( $word[3], true )
				: quoted_printable_decode( str_replace( '_', ' ', $word[3] ) );
			return mb_check_encoding( $bytes, 'UTF-8' ) ? $bytes : mb_convert_encoding( $bytes, 'UTF-8', 'ISO-8859-1' );
		},
		$joined
	);
}

function decode_text( array $headers, string $body ): string {
	$plain = match ( strtolower( $headers['content-transfer-encoding'] ?? '' ) ) {
		'base64'           => (string) base64_decode( $body, true ),
		'quoted-printable' => quoted_printable_decode( $body ),
		default            => $body,
	};
	return mb_check_encoding( $plain, 'UTF-8' ) ? $plain : mb_convert_encoding( $plain, 'UTF-8', 'ISO-8859-1' );
}
