<?php
// Compiles the scripts of the body's list, runs none.
foreach ( json_decode( file_get_contents( 'php://input' ), true ) ?: array() as $script ) {
	if ( is_file( $script ) ) {
		@opcache_compile_file( $script );
	}
}
