import type { EngineName } from '../api/types.ts';

/** The kinds of shop, as people call them. */
export const ENGINE_TITLES = { woocommerce: 'WooCommerce', medusa: 'Medusa' } as const satisfies Record<
  EngineName,
  string
>;
