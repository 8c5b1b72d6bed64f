<?php
/**
 * What a new shop sells until its owner adds goods of their own: the same goods, words and prices as the Medusa shop's.
 *
 * `price` is in dollars, `picture` is a file in pictures/ and `alt` says what it shows. `short` stands beside the
 * picture; `description`, further down the page, is empty, so that nothing is read twice.
 */

return array(
	array(
		'sku'         => 'stoneware-mug',
		'name'        => 'Stoneware Mug',
		'short'       => 'A sturdy mug with a soft matte glaze. Holds 350 ml, keeps warm for long, and goes into the dishwasher.',
		'description' => '',
		'price'       => '18.00',
		'stock'       => 50,
		'category'    => 'At home',
		'picture'     => 'stoneware-mug.webp',
		'alt'         => 'Steaming mug, glazed blue at the top and speckled white below',
	),
	array(
		'sku'         => 'canvas-tote',
		'name'        => 'Canvas Tote',
		'short'       => 'A roomy bag of heavy organic cotton with long handles, for the market, the library or the beach.',
		'description' => '',
		'price'       => '24.00',
		'stock'       => 50,
		'category'    => 'Out and about',
		'picture'     => 'canvas-tote.webp',
		'alt'         => 'Pale canvas bag with long handles and a green sprig on its front',
	),
	array(
		'sku'         => 'dotted-notebook',
		'name'        => 'Dotted Notebook',
		'short'       => '160 dotted pages of smooth paper that lie flat, in a cloth cover with a ribbon to mark your place.',
		'description' => '',
		'price'       => '14.50',
		'stock'       => 50,
		'category'    => 'Out and about',
		'picture'     => 'dotted-notebook.webp',
		'alt'         => 'Blue notebook with an elastic band and a red ribbon, a pencil beside it',
	),
	array(
		'sku'         => 'cast-iron-teapot',
		'name'        => 'Cast Iron Teapot',
		'short'       => "A small teapot for two with a steel strainer inside. Enamelled, so that it never keeps yesterday's taste.",
		'description' => '',
		'price'       => '49.00',
		'stock'       => 50,
		'category'    => 'At home',
		'picture'     => 'cast-iron-teapot.webp',
		'alt'         => 'Round black teapot with a hobnail pattern and a wooden grip',
	),
	array(
		'sku'         => 'beeswax-candle',
		'name'        => 'Beeswax Candle',
		'short'       => 'Hand-poured from pure beeswax, with a gentle smell of honey. Burns for about forty hours.',
		'description' => '',
		'price'       => '21.00',
		'stock'       => 50,
		'category'    => 'At home',
		'picture'     => 'beeswax-candle.webp',
		'alt'         => 'Lit golden candle with a honeycomb pattern on a wooden plate',
	),
	array(
		'sku'         => 'wool-scarf',
		'name'        => 'Wool Scarf',
		'short'       => 'A long, light scarf woven from fine merino wool. Warm enough for winter and soft enough for bare skin.',
		'description' => '',
		'price'       => '39.90',
		'stock'       => 50,
		'category'    => 'Out and about',
		'picture'     => 'wool-scarf.webp',
		'alt'         => 'Red knitted scarf with cream stripes and fringed ends',
	),
);
