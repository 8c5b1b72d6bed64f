<?php
/**
 * Pages make the browser ask nobody else: no Gravatar, no emoji pictures, no font or pattern catalogues.
 */

declare( strict_types=1 );

namespace StorePlatform;

add_filter( 'pre_option_show_avatars', fn (): string => '0' );
add_filter( 'pre_get_avatar_data', fn ( array $avatar ): array => array( 'url' => '', 'found_avatar' => false ) + $avatar );
add_filter( 'emoji_svg_url', '__return_false' );
add_filter( 'should_load_remote_block_patterns', '__return_false' );
add_filter( 'block_editor_settings_all', fn ( array $editor ): array => array( 'enableOpenverseMediaCategory' => false ) + $editor );
add_filter( 'wp_resource_hints', __NAMESPACE__ . '\\own_hints', 99, 2 );
add_action( 'init', __NAMESPACE__ . '\\no_emoji_pictures', 99 );
add_action( 'init', fn () => wp_unregister_font_collection( 'google-fonts' ), 99 );
add_action( 'admin_init', fn () => remove_action( 'enqueue_block_editor_assets', 'wp_enqueue_editor_block_directory_assets' ) );

// After WordPress has set a header of the same name.
add_action( 'admin_init', __NAMESPACE__ . '\\admin_from_here_only', 99 );

/** What is left in the admin of other companies' pictures and scripts, the browser refuses to fetch. */
function admin_from_here_only(): void {
	if ( headers_sent() ) {
		return;
	}
	header(
		"Content-Security-Policy: default-src 'self' blob: data:; script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'; "
		. "style-src 'self' blob: 'unsafe-inline'; base-uri 'self' blob:; object-src 'none'; frame-ancestors 'self' blob:"
	);
}

/** @param array<string|array> $hints */
function own_hints( array $hints, string $kind ): array {
	return in_array( $kind, array( 'dns-prefetch', 'preconnect' ), true ) ? array() : $hints;
}

function no_emoji_pictures(): void {
	remove_action( 'wp_head', 'print_emoji_detection_script', 7 );
	remove_action( 'wp_print_styles', 'print_emoji_styles' );
	remove_action( 'wp_enqueue_scripts', 'wp_enqueue_emoji_styles' );
	remove_action( 'admin_print_scripts', 'print_emoji_detection_script' );
	remove_action( 'admin_print_styles', 'print_emoji_styles' );
	remove_action( 'admin_enqueue_scripts', 'wp_enqueue_emoji_styles' );
	remove_action( 'embed_head', 'print_emoji_detection_script' );
	remove_filter( 'the_content_feed', 'wp_staticize_emoji' );
	remove_filter( 'comment_text_rss', 'wp_staticize_emoji' );
	remove_filter( 'wp_mail', 'wp_staticize_emoji_for_email' );
}
