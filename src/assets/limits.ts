/** How patient a download is. Times in milliseconds. */
export interface Limits {
  /** Without a single byte for so long, a try is given up and the next goes on where it was. */
  stallMs: number;
  /** Tries one after the other that bring nothing new. */
  tries: number;
  /** The wait before the second try; doubled for each further one. */
  backoffMs: number;
  /** A server that asks to wait longer than this is not waited for. */
  maxWaitMs: number;
}

export const LIMITS: Limits = { stallMs: 30_000, tries: 4, backoffMs: 1000, maxWaitMs: 60_000 };
