import type { Readable } from 'node:stream';

export const MAX_BODY_BYTES: number;
export function readBody(
  request: Readable & { headers: Readonly<Record<string, string | string[] | undefined>> },
  limit?: number,
): Promise<Buffer | null>;
