<?php
/**
 * Fills the shelves.
 */

declare( strict_types=1 );

namespace StorePlatform\Bake;

/**
 * @param list<array{sku: string, name: string, description: string, short: string, price: string, stock: int, category: string, picture: string, alt?: string}> $goods
 * @param string $pictures The folder that their pictures are in.
 */
function fill_shelves( array $goods, string $pictures ): void {
	require_once ABSPATH . 'wp-admin/includes/image.php';
	count( $goods ) >= 3 || fail( 'The catalogue has fewer than three goods.' );
	foreach ( $goods as $place => $good ) {
		put_on_shelf( $good, "$pictures/{$good['picture']}", $place );
	}
}

function put_on_shelf( array $good, string $picture, int $place ): void {
	$product = wc_get_product( wc_get_product_id_by_sku( $good['sku'] ) ) ?: new \WC_Product_Simple();
	$product->set_props(
		array(
			'sku'               => $good['sku'],
			'name'              => $good['name'],
			'slug'              => sanitize_title( $good['name'] ),
			'description'       => $good['description'],
			'short_description' => $good['short'],
			'regular_price'     => $good['price'],
			'manage_stock'      => true,
			'stock_quantity'    => $good['stock'],
			'category_ids'      => array( category( $good['category'] ) ),
			'menu_order'        => $place,
			'status'            => 'publish',
		)
	);
	if ( ! $product->get_image_id() ) {
		$product->set_image_id( picture( $picture, $good['alt'] ?? $good['name'] ) );
	}
	ok( $product->save(), "Saving {$good['name']}" );
}

/** The category's number; made when there is none of that name. */
function category( string $name ): int {
	$known = get_term_by( 'name', $name, 'product_cat' );
	return $known instanceof \WP_Term ? $known->term_id : ok( wp_insert_term( $name, 'product_cat' ), "Making $name" )['term_id'];
}

/** The attachment's number. WordPress makes the sizes that pages show. */
function picture( string $file, string $alt ): int {
	is_file( $file ) || fail( "$file is not there." );
	$upload = wp_upload_bits( basename( $file ), null, (string) file_get_contents( $file ) );
	false === $upload['error'] || fail( "$file: {$upload['error']}" );
	$attachment = array(
		'post_mime_type' => $upload['type'],
		'post_title'     => $alt,
		'post_author'    => \StorePlatform\OWNER_ID,
		'post_status'    => 'inherit',
	);
	$id = ok( wp_insert_attachment( $attachment, $upload['file'], 0, true ), "Adding $file" );
	update_post_meta( $id, '_wp_attachment_image_alt', $alt );
	$sizes = wp_generate_attachment_metadata( $id, $upload['file'] );
	isset( $sizes['sizes']['woocommerce_thumbnail'] ) || fail( "$file got no thumbnail." );
	wp_update_attachment_metadata( $id, $sizes );
	return $id;
}
