import type { Setting } from './arguments.d.mts';

export const OWN_FOLDER: string;
export function serverSettings(settings: readonly Setting[], temporary: string | undefined): string;
export function scriptSettings(temporary: string | undefined): string;
