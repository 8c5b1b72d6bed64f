<?php
/**
 * The theme's code: what theme.json and templates can't say.
 */

require __DIR__ . '/includes/styles.php';
require __DIR__ . '/includes/scripts.php';
require __DIR__ . '/includes/pictures.php';
require __DIR__ . '/includes/icon.php';
require __DIR__ . '/includes/accessibility.php';
require __DIR__ . '/includes/terms.php';
require __DIR__ . '/includes/order-received.php';
