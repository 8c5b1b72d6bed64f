<?php
// Compiles the scripts of the body's list, runs none. Those of this folder are there already.
foreach ( json_decode( file_get_contents( 'php://input' ), true ) ?: array() as $script ) {
	if ( ! str_starts_with( $script, __DIR__ ) && is_file( $script ) ) {
		@opcache_compile_file( $script );
	}
}
