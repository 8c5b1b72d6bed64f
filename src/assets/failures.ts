/** A failure whose message is a few words for a person, such as `it answers 404`. */
export class FetchFailure extends Error {
  override readonly name = 'FetchFailure';
  /** Whether another try may help. */
  readonly again: boolean;
  /** Milliseconds that the server asks to wait before that. */
  readonly waitMs: number | undefined;

  constructor(message: string, options: { again: boolean; waitMs?: number | undefined; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.again = options.again;
    this.waitMs = options.waitMs;
  }
}

/** What the codes of Node's sockets mean to a person. */
const ON_THE_WAY: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known (DNS)',
  EAI_AGAIN: "its name can't be looked up (DNS)",
  ECONNREFUSED: 'the connection was refused',
  EACCES: 'the connection is not allowed',
  EPERM: 'the connection is not allowed',
  ECONNRESET: 'the connection was cut off',
  EPIPE: 'the connection was cut off',
  UND_ERR_SOCKET: 'the connection was cut off',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
};

/** The same for this machine's disk, where another try would meet the same. */
const ON_DISK: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full here',
  EDQUOT: 'the disk is full here',
  EACCES: "the folder can't be written",
  EPERM: "the folder can't be written",
  EROFS: "the folder can't be written",
  ENOTDIR: "the folder can't be made",
  EEXIST: "the folder can't be made",
};

/** What went wrong, in words; unknown failures count as the network's, which may be well again soon. */
export function toFailure(error: unknown): FetchFailure {
  if (error instanceof FetchFailure) return error;
  const { code: given, syscall, name, message } = rootOf(error);
  const code = typeof given === 'string' ? given : '';
  if (name === 'TimeoutError') return new FetchFailure('it does not answer', { again: true, cause: error });
  // A firewall's EPERM is no closed folder.
  if (syscall !== 'connect' && code in ON_DISK) return new FetchFailure(ON_DISK[code]!, { again: false, cause: error });
  if (code in ON_THE_WAY) return new FetchFailure(ON_THE_WAY[code]!, { again: true, cause: error });
  if (/^ERR_TLS|CERT|UNABLE_TO/.test(code)) {
    return new FetchFailure(`its certificate is not trusted (${code})`, { again: false, cause: error });
  }
  return new FetchFailure(`the transfer failed (${code || message})`, { again: true, cause: error });
}

/** What a status other than success means, said of `what`; 408, 429 and 5xx are worth another try. */
export function refusal(response: Response, what = 'it answers', now = Date.now()): FetchFailure {
  const { status } = response;
  const again = status === 408 || status === 429 || status >= 500;
  return new FetchFailure(`${what} ${status}`, {
    again,
    waitMs: again ? retryAfter(response.headers.get('retry-after'), now) : undefined,
  });
}

/** `Retry-After` in milliseconds: a number of seconds or a date. */
function retryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** fetch wraps the socket's error, and Node wraps those of several addresses, as `cause` and `errors`. */
function rootOf(error: unknown): NodeJS.ErrnoException {
  const { cause, errors } = error as { cause?: unknown; errors?: unknown[] };
  const inner = errors?.[0] ?? cause;
  return inner instanceof Error ? rootOf(inner) : (error as NodeJS.ErrnoException);
}
