<?php
/**
 * At checkout nobody is asked to agree to terms that the shop hasn't written yet.
 */

namespace Market;

add_filter( 'render_block_woocommerce/checkout-terms-block', __NAMESPACE__ . '\\terms_if_any' );

function terms_if_any( string $html ): string {
	$pages = array( wc_terms_and_conditions_page_id(), wc_privacy_policy_page_id() );
	foreach ( array_filter( $pages ) as $page ) {
		if ( 'publish' === get_post_status( $page ) ) {
			return $html;
		}
	}
	return '';
}
