import type { Store, StoreEvent } from './client.ts';
import { fields, type Colour, type Output } from './output.ts';

const STATUS_COLOURS: Record<Store['status'], Colour> = {
  ready: 'green',
  provisioning: 'cyan',
  failed: 'red',
  stopped: 'yellow',
  deleting: 'dim',
};

export function statusWord(output: Output, status: string): string {
  const colour = STATUS_COLOURS[status.trim() as Store['status']];
  return colour ? output.paint(colour, status) : status;
}

/** A store as people want to see it. */
export function storeText(output: Output, store: Store): string {
  return fields([
    ['Name', store.name],
    ['Slug', store.slug],
    ['Id', store.id],
    ['Engine', store.engine],
    ['Version', store.engineVersion],
    ['Upgrade to', store.upgradeTo],
    ['Roll back to', store.rollbackTo],
    ['Status', statusWord(output, store.status)],
    ['Step', store.operation?.step],
    ['Shop', store.urls.storefront],
    ['Admin', store.urls.admin],
    ['Direct', store.urls.direct],
    ['Created', localTime(store.createdAt)],
    ['Problem', store.errorMessage],
  ]);
}

const EVENT_COLOURS: Record<string, Colour> = {
  ready: 'green',
  upgraded: 'green',
  'rolled-back': 'green',
  failed: 'red',
  'upgrade-failed': 'red',
};

export function eventText(output: Output, event: Omit<StoreEvent, 'id'>): string {
  const colour = EVENT_COLOURS[event.type] ?? 'bold';
  return `${output.paint('dim', localTime(event.createdAt))}  ${output.paint(colour, event.type.padEnd(16))}  ${event.message}`;
}

/** `2026-01-31 14:05:09` in the time zone of whoever reads it. */
export function localTime(iso: string): string {
  return new Date(iso).toLocaleString('sv-SE');
}
