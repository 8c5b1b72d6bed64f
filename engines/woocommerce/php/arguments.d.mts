export class Complaint extends Error {}
export type Setting = [name: string, value: string];
export interface Serve {
  settings: Setting[];
  host: string;
  port: number;
  root: string;
  router: string;
}
export interface Script {
  args: string[];
  settings: Setting[];
  path?: string;
}
export function readCommandLine(
  args: readonly string[],
): { serve: Serve; script?: undefined } | { script: Script; serve?: undefined };
