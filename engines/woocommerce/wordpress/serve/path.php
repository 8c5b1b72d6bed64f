<?php
/**
 * The path that a request asks for.
 */

declare( strict_types=1 );

namespace StorePlatform;

/** Decoded once; null when it holds what no honest path does: a NUL, a backslash, a segment that begins with a dot. */
function requested_path(): ?string {
	$path = rawurldecode( strstr( $_SERVER['REQUEST_URI'] . '?', '?', true ) );
	$odd  = '' === $path || '/' !== $path[0] || 1 === preg_match( '~[\x00-\x1f\x7f\\\\]|/\.~', $path );
	return $odd ? null : $path;
}
