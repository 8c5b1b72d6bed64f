<?php
/**
 * Files that are sent as they are: an allow-list of folders and of kinds.
 */

declare( strict_types=1 );

namespace StorePlatform;

const KINDS = array(
	'avif'  => 'image/avif',
	'css'   => 'text/css; charset=utf-8',
	'eot'   => 'application/vnd.ms-fontobject',
	'gif'   => 'image/gif',
	'ico'   => 'image/x-icon',
	'jpeg'  => 'image/jpeg',
	'jpg'   => 'image/jpeg',
	'js'    => 'text/javascript; charset=utf-8',
	'json'  => 'application/json',
	'map'   => 'application/json',
	'mjs'   => 'text/javascript; charset=utf-8',
	'mp3'   => 'audio/mpeg',
	'mp4'   => 'video/mp4',
	'otf'   => 'font/otf',
	'pdf'   => 'application/pdf',
	'png'   => 'image/png',
	'svg'   => 'image/svg+xml',
	'ttf'   => 'font/ttf',
	'wasm'  => 'application/wasm',
	'webm'  => 'video/webm',
	'webp'  => 'image/webp',
	'woff'  => 'font/woff',
	'woff2' => 'font/woff2',
);

/** What people upload is pictures, sound, film and papers; never code that a browser would run as the shop's. */
const UPLOADED = array( 'avif', 'gif', 'ico', 'jpeg', 'jpg', 'mp3', 'mp4', 'pdf', 'png', 'webm', 'webp' );

/** Sold downloads (sent by WooCommerce to buyers only), logs, and what exports leave behind. */
const PRIVATE_UPLOADS = '~^/(woocommerce_uploads|woocommerce_transient_files|wc-logs|wpo)(/|$)~i';

/** The file for a path, absolute and real; null when there is none that may be sent. */
function file_for( string $root, string $path ): ?string {
	$kind = strtolower( pathinfo( $path, PATHINFO_EXTENSION ) );
	if ( ! isset( KINDS[ $kind ] ) ) {
		return null;
	}
	if ( str_starts_with( $path, '/wp-content/uploads/' ) ) {
		return uploaded_file( substr( $path, strlen( '/wp-content/uploads' ) ), $kind );
	}
	$folders = '~^/(wp-admin|wp-includes|wp-content/(mu-plugins|plugins|themes))/~';
	return 1 === preg_match( $folders, $path ) ? real_file( $root, $path ) : null;
}

function uploaded_file( string $path, string $kind ): ?string {
	$open = in_array( $kind, UPLOADED, true ) && 1 !== preg_match( PRIVATE_UPLOADS, $path );
	return $open ? real_file( store_dir() . '/uploads', $path ) : null;
}

/** Symbolic links may not lead out of the folder. */
function real_file( string $folder, string $path ): ?string {
	$file = realpath( $folder . $path );
	$root = realpath( $folder );
	$fine = false !== $file && false !== $root && str_starts_with( $file, "$root/" ) && is_file( $file );
	return $fine ? $file : null;
}

/**
 * Sends the file, or says that the visitor's copy is still good. What WordPress asks for by version never changes under
 * that address; the rest is asked for again after an hour. Always null.
 */
function send_file( string $file, string $path ): ?string {
	if ( ! in_array( $_SERVER['REQUEST_METHOD'], array( 'GET', 'HEAD' ), true ) ) {
		header( 'Allow: GET, HEAD' );
		return refuse( 405, 'Only GET and HEAD.' );
	}
	$changed = (int) filemtime( $file );
	$size    = (int) filesize( $file );
	$etag    = sprintf( '"%x-%x"', $changed, $size );
	header( 'ETag: ' . $etag );
	header( 'Last-Modified: ' . gmdate( 'D, d M Y H:i:s', $changed ) . ' GMT' );
	header( 'Cache-Control: public, max-age=' . ( isset( $_GET['ver'] ) ? '31536000, immutable' : '3600' ) );
	if ( is_known( $etag, $changed ) ) {
		http_response_code( 304 );
		return null;
	}
	header( 'Content-Type: ' . KINDS[ strtolower( pathinfo( $path, PATHINFO_EXTENSION ) ) ] );
	header( "Content-Length: $size" );
	if ( 'HEAD' !== $_SERVER['REQUEST_METHOD'] ) {
		readfile( $file );
	}
	return null;
}

function is_known( string $etag, int $changed ): bool {
	if ( isset( $_SERVER['HTTP_IF_NONE_MATCH'] ) ) {
		return str_contains( $_SERVER['HTTP_IF_NONE_MATCH'], $etag ) || '*' === $_SERVER['HTTP_IF_NONE_MATCH'];
	}
	$since = strtotime( $_SERVER['HTTP_IF_MODIFIED_SINCE'] ?? '' );
	return false !== $since && $changed <= $since;
}
