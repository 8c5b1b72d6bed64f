<?php
/**
 * Strangers can't list the people who work here: no author pages, numbers, sitemaps or feeds' bylines, and no user list
 * by REST except for those who may see one.
 */

declare( strict_types=1 );

namespace StorePlatform;

add_filter( 'request', __NAMESPACE__ . '\\no_author_pages' );
add_filter( 'rest_pre_dispatch', __NAMESPACE__ . '\\no_user_list', 10, 3 );
add_filter( 'rest_prepare_post', __NAMESPACE__ . '\\no_author_link', 99 );
add_filter( 'rest_prepare_page', __NAMESPACE__ . '\\no_author_link', 99 );
add_filter( 'oembed_response_data', fn ( array $data ): array => array_diff_key( $data, array( 'author_name' => 1, 'author_url' => 1 ) ) );
add_filter( 'wp_sitemaps_add_provider', fn ( $provider, string $name ) => 'users' === $name ? false : $provider, 10, 2 );
add_filter( 'the_author', fn ( $name ) => is_feed() ? get_bloginfo( 'name' ) : $name );
add_filter( 'author_link', fn (): string => home_url( '/' ) );

function no_author_pages( array $query ): array {
	$asked = array_intersect_key( $query, array( 'author' => 1, 'author_name' => 1 ) );
	return is_admin() || array() === $asked ? $query : array( 'error' => '404' );
}

/** @param mixed $answer */
function no_user_list( $answer, \WP_REST_Server $server, \WP_REST_Request $request ) {
	$route = $request->get_route();
	$users = 1 === preg_match( '~^/wp/v2/users(/|$)~i', $route ) && 1 !== preg_match( '~^/wp/v2/users/me(/|$)~i', $route );
	if ( ! $users || current_user_can( 'list_users' ) || is_oneself( $route ) ) {
		return $answer;
	}
	return new \WP_Error( 'rest_user_cannot_view', 'Only the shop\'s people may see this.', array( 'status' => rest_authorization_required_code() ) );
}

/** The editor of somebody without the right to list users asks for that person alone. */
function is_oneself( string $route ): bool {
	return is_user_logged_in() && 1 === preg_match( '~^/wp/v2/users/' . get_current_user_id() . '(/|$)~i', $route );
}

function no_author_link( \WP_REST_Response $response ): \WP_REST_Response {
	if ( ! current_user_can( 'edit_posts' ) ) {
		$response->remove_link( 'author' );
		$response->data = array_diff_key( $response->data, array( 'author' => 1 ) );
	}
	return $response;
}
