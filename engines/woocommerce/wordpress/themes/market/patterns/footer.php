<?php
/**
 * Title: Footer
 * Slug: market/footer
 * Categories: footer
 * Block Types: core/template-part/footer
 * Description: The year, the shop's name and the owner's way in.
 */

?>
<!-- wp:group {"align":"full","className":"market-footer","layout":{"type":"constrained"}} -->
<div class="wp-block-group alignfull market-footer">
	<!-- wp:group {"align":"wide","layout":{"type":"flex","flexWrap":"wrap","justifyContent":"space-between"}} -->
	<div class="wp-block-group alignwide">
		<!-- wp:paragraph -->
		<p>© <?php echo esc_html( wp_date( 'Y' ) . ' ' . get_bloginfo( 'name' ) ); ?></p>
		<!-- /wp:paragraph -->

		<!-- wp:paragraph -->
		<p><a href="<?php echo esc_url( admin_url() ); ?>"><?php esc_html_e( 'Shop owner sign-in', 'market' ); ?></a></p>
		<!-- /wp:paragraph -->
	</div>
	<!-- /wp:group -->
</div>
<!-- /wp:group -->
