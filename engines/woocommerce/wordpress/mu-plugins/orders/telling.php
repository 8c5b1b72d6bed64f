<?php
/**
 * Telling of an order survives everything that may happen on the way: before it is tried for the first time it is kept as
 * an action of WooCommerce's scheduler, due a little later, and the action goes only when the platform has answered.
 */

declare( strict_types=1 );

namespace StorePlatform;

const TELLING       = 'store_platform_tell_of_order';
const TELLING_GROUP = 'store-platform';

/** With pauses that grow from half a minute to an hour: eight days. */
const MOST_TRIES = 200;

/** At the end of a shopper's request, which is not over before. */
const SECONDS_AT_ONCE = 2;
const SECONDS_LATER   = 10;

/** Of what a request has changed beyond these, an owner's bulk action, the scheduler tells. */
const MOST_AT_ONCE = 5;

/** For a minute after it has kept somebody waiting for nothing, the platform is left to the scheduler. */
const PLATFORM_AWAY = 'store_platform_away';

/** Drafts, which a checkout saves with each field that is filled in, cost nothing. */
function note_saved_order( \WC_Order $order ): void {
	if ( ! $order->has_status( NOT_PLACED ) ) {
		note_order( $order->get_id() );
	}
}

/** Keeps that the platform has to be told of this order, once in a request. */
function note_order( int $order ): void {
	noted_orders()[ $order ] ??= schedule_telling( $order, 1 );
}

/**
 * The orders that this request has changed, and for each the action that tells of it.
 *
 * @return \ArrayObject<int, int>
 */
function noted_orders(): \ArrayObject {
	static $noted = null;
	return $noted ??= new \ArrayObject();
}

/** The first try, at the end of the request, when the shopper's page is on its way. */
function tell_of_noted_orders(): void {
	foreach ( array_slice( noted_orders()->getArrayCopy(), 0, MOST_AT_ONCE, true ) as $order => $action ) {
		if ( get_transient( PLATFORM_AWAY ) ) {
			return;
		}
		$begin = hrtime( true );
		if ( tell_of( $order, SECONDS_AT_ONCE ) ) {
			forget_telling( $action );
		} elseif ( hrtime( true ) - $begin > 1e9 ) {
			set_transient( PLATFORM_AWAY, 1, MINUTE_IN_SECONDS );
		}
	}
}

/** What the scheduler does. The next try is kept before this one begins, for who knows how it ends. */
function tell_or_try_again( int $order, int $try ): void {
	$next = $try < MOST_TRIES ? schedule_telling( $order, $try + 1 ) : 0;
	if ( tell_of( $order, SECONDS_LATER ) ) {
		forget_telling( $next );
	} elseif ( 0 === $next ) {
		error_log( "The platform could not be told of order $order, and will not be." );
	}
}

function tell_of( int $id, int $seconds ): bool {
	$order = wc_get_order( $id );
	$facts = $order instanceof \WC_Order ? facts_of( $order ) : array();
	return array() === $facts || tell( $facts, $seconds );
}

/** Returns the action's number, 0 where it could not be kept. */
function schedule_telling( int $order, int $try ): int {
	$pause = min( HOUR_IN_SECONDS, 15 * 2 ** min( $try, 10 ) );
	return as_schedule_single_action( time() + $pause, TELLING, array( $order, $try ), TELLING_GROUP );
}

function forget_telling( int $action ): void {
	try {
		\ActionScheduler::store()->delete_action( $action );
	} catch ( \InvalidArgumentException ) {
		return; // It was run meanwhile, or never kept.
	}
}
