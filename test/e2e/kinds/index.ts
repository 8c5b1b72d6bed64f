import type { Kind } from './kind.ts';
import { medusa } from './medusa.ts';
import { woocommerce } from './woocommerce.ts';

/** Every kind of shop that people can make, for the suites that all of them must pass. */
export const KINDS: readonly Kind[] = [medusa, woocommerce];
