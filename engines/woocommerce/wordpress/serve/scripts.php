<?php
/**
 * Which PHP scripts may be run, and how they see themselves.
 */

declare( strict_types=1 );

namespace StorePlatform;

/** Scripts outside the admin. Not among them: XML-RPC, trackbacks, mail by POP3, sign-up, activation, links. */
const SCRIPTS = array(
	'/',
	'/index.php',
	'/wp-comments-post.php',
	'/wp-cron.php',
	'/wp-includes/js/tinymce/wp-tinymce.php',
	'/wp-login.php',
);

/**
 * The admin's scripts that install, upgrade, edit code, serve networks of sites, ask WordPress.org about this server's
 * health, or are only parts of others.
 */
const CLOSED_ADMIN = '~^('
	. 'install|setup-config|upgrade|update|network|ms-|my-sites|plugin-(editor|install)|theme-(editor|install)'
	. '|admin-(functions|header|footer)|custom-|edit-(form-|link-form|tag-form)|link-parse|menu|options-head|site-health|widgets-form'
	. ')~';

/** The script to be run for a path; null where none may be. */
function script_for( string $path ): ?string {
	if ( in_array( $path, SCRIPTS, true ) ) {
		// Chores are the platform's business, which comes by the direct address.
		return '/wp-cron.php' === $path && came_by_gateway() ? null : ( '/' === $path ? '/index.php' : $path );
	}
	if ( '/wp-admin/' === $path ) {
		return '/wp-admin/index.php';
	}
	$admin = 1 === preg_match( '~^/wp-admin/([a-z-]+)\.php$~', $path, $match ) && 1 !== preg_match( CLOSED_ADMIN, $match[1] );
	return $admin && is_file( __DIR__ . "/../wordpress$path" ) ? $path : null;
}

/** Sets what WordPress reads of its script's place. Returns the script's file. */
function run_as( string $root, string $script ): string {
	$_SERVER['DOCUMENT_ROOT']   = $root;
	$_SERVER['SCRIPT_NAME']     = $script;
	$_SERVER['PHP_SELF']        = $script;
	$_SERVER['SCRIPT_FILENAME'] = $root . $script;
	// The admin's scripts include their neighbours by relative paths.
	chdir( dirname( $root . $script ) );
	return $root . $script;
}
