export interface Head {
  status: number;
  headers: readonly string[];
}
export function answerOf(
  head: Head,
  body: Uint8Array,
  isHead: boolean,
): { status: number; headers: string[]; body: Uint8Array | undefined };
