<?php
/**
 * A message to the platform, signed as Standard Webhooks has it.
 */

declare( strict_types=1 );

namespace StorePlatform;

const SECRET_PREFIX = 'whsec_';

/** Answers that are the same however often one asks: the platform does not take this order. */
const REFUSALS = array( 404, 413, 422 );

/** Where orders are told; empty where nobody wants to hear of them. */
function orders_url(): string {
	return '' === setting( 'ORDERS_SECRET', '' ) || '' === setting( 'STORE_ID', '' ) ? '' : setting( 'ORDERS_URL', '' );
}

/** True when there is nothing more to be done about these facts: the platform has them, or does not want them. */
function tell( array $facts, int $seconds ): bool {
	$body   = (string) wp_json_encode( array( 'orders' => $facts ), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
	$answer = post( signed( $body, time() ), $body, $seconds );
	if ( in_array( $answer['status'], REFUSALS, true ) ) {
		error_log( "The platform refuses order {$facts[0]['number']} ({$answer['status']}): " . mb_substr( $answer['body'], 0, 500 ) );
		return true;
	}
	return $answer['status'] >= 200 && $answer['status'] < 300;
}

/** The headers of a message that is sent at that time. */
function signed( string $body, int $time ): array {
	$id     = 'msg_' . bin2hex( random_bytes( 16 ) );
	$secret = base64_decode( substr( setting( 'ORDERS_SECRET' ), strlen( SECRET_PREFIX ) ) );
	return array(
		'Content-Type'      => 'application/json',
		'webhook-id'        => $id,
		'webhook-timestamp' => (string) $time,
		'webhook-signature' => 'v1,' . base64_encode( hash_hmac( 'sha256', "$id.$time.$body", $secret, true ) ),
	);
}

/** Posts to ORDERS_URL. Status 0 where there was no answer within the time. */
function post( array $headers, string $body, int $seconds ): array {
	// The PHP that npm brings can open no connection; it asks the program that it runs in.
	if ( function_exists( 'post_message_to_js' ) ) {
		$message = array( 'headers' => $headers, 'body' => $body, 'seconds' => $seconds );
		return (array) json_decode( (string) post_message_to_js( (string) wp_json_encode( $message ) ), true ) + array( 'status' => 0, 'body' => '' );
	}
	$answer = wp_remote_post(
		orders_url(),
		array( 'headers' => $headers, 'body' => $body, 'timeout' => $seconds, 'redirection' => 0 )
	);
	return array(
		'status' => (int) wp_remote_retrieve_response_code( $answer ),
		'body'   => wp_remote_retrieve_body( $answer ),
	);
}
