/** One thing looked at. Only `missing` stops the platform from working; `note` is good to know. */
export interface Check {
  name: string;
  status: 'ok' | 'note' | 'missing';
  message: string;
  /** The one command, or the one thing to do, that mends it. */
  remedy?: string;
}

export const ok = (name: string, message: string): Check => ({ name, status: 'ok', message });
export const note = (name: string, message: string, remedy: string): Check => ({
  name,
  status: 'note',
  message,
  remedy,
});
export const missing = (name: string, message: string, remedy: string): Check => ({
  name,
  status: 'missing',
  message,
  remedy,
});
