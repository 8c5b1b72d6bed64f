import type { UnavailableEngine } from '../engine.ts';

/** Offered by the API's schema, so that its answer is a clear one; made by a later version. */
export const woocommerce: UnavailableEngine = {
  name: 'woocommerce',
  unavailable: 'WooCommerce stores are not available yet. Choose the engine "medusa", which is.',
};
