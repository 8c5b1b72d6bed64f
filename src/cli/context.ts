import type { Api } from './client.ts';
import type { Output } from './output.ts';
import type { Settings } from './settings.ts';

/** What every command works with. */
export interface Context {
  settings: Settings;
  api: Api;
  output: Output;
}
