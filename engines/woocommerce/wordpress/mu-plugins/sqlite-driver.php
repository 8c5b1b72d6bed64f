<?php
/**
 * What the SQLite driver can't read yet, said so that it can.
 */

declare( strict_types=1 );

namespace StorePlatform;

if ( has_database_server() ) {
	return;
}

add_filter( 'query', __NAMESPACE__ . '\\readable_interval' );
add_filter( 'query', __NAMESPACE__ . '\\readable_limit' );
add_filter( 'query', __NAMESPACE__ . '\\readable_union' );

/**
 * `NOW() + INTERVAL 10 MINUTE`, with which WooCommerce reserves stock at checkout. Only queries for that table are
 * touched: elsewhere these words may be somebody's text.
 */
function readable_interval( string $query ): string {
	if ( ! str_contains( $query, 'wc_reserved_stock' ) ) {
		return $query;
	}
	return preg_replace( '/NOW\(\)\s*\+\s*INTERVAL\s+(\d+)\s+MINUTE/i', 'DATE_ADD(NOW(), INTERVAL $1 MINUTE)', $query );
}

/** MySQL's way to say "from here to the end", at the end of a query for orders: more than SQLite can count. */
function readable_limit( string $query ): string {
	$endless = '18446744073709551615';
	return str_ends_with( $query, $endless ) ? substr( $query, 0, -strlen( $endless ) ) . PHP_INT_MAX : $query;
}

/** The first and the last month of orders, for the list's filter: SQLite's unions have no parentheses around their parts. */
function readable_union( string $query ): string {
	if ( ! str_contains( $query, 'min_date_gmt' ) ) {
		return $query;
	}
	$part = '\\(\\s*(SELECT[^()]+LIMIT 1)\\s*\\)';
	return preg_replace( "/$part\\s*UNION ALL\\s*$part/i", 'SELECT * FROM ($1) a UNION ALL SELECT * FROM ($2) b', $query );
}
