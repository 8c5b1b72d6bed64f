import { ApiError } from '../../api/errors.ts';
import { follow, type LiveFigures } from './figures.ts';
import type { LiveMessage } from './messages.ts';

/**
 * `waiting`: it was lost and is tried again at `retryAt`. `offline`: this machine has no network, so nothing is tried.
 * `refused`: the platform said no, and why; it is tried again at `retryAt` all the same.
 */
export type Connection =
  | { state: 'connecting' | 'live' | 'offline' }
  | { state: 'waiting'; retryAt: Date }
  | { state: 'refused'; error: Error; retryAt: Date };

export interface FeedState {
  connection: Connection;
  /** How the last attempt ended, until one succeeds. */
  failure: Connection | null;
  /** Null until the first snapshot has come. */
  figures: LiveFigures | null;
}

/** What the feed needs of the browser. */
export interface Surroundings {
  /** A one-time ticket; rejects with the platform's refusal. */
  ticket(signal: AbortSignal): Promise<string>;
  open(query: URLSearchParams): Socket;
  online(): boolean;
  /** Tells of `online` and `offline`. */
  network: EventTarget;
  /** From 0 to 1. */
  random(): number;
}

export type Socket = Pick<WebSocket, 'close' | 'addEventListener'>;

const FIRST_WAIT_MS = 1000;
const LAST_WAIT_MS = 30_000;
/** A platform that goes down in order comes back soon; all who watched would come back at one moment. */
const DRAINED_WAIT_MS = 2000;
/** The platform says something every 15 s. */
const SILENCE_MS = 40_000;
/** Close codes of the platform. */
const DRAINED = 1001;
const AN_HOUR_IS_OVER = 4000;

/**
 * Follows the orders of one source, or of all, as long as somebody looks. Whatever interrupts it, it goes on after the last
 * change that it has seen, so that nothing is missing and nothing is counted twice.
 */
export class LiveFeed {
  private readonly storeId: string | null;
  private readonly around: Surroundings;
  private readonly listeners = new Set<() => void>();
  private attempt: AbortController | null = null;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private state: FeedState = { connection: { state: 'connecting' }, failure: null, figures: null };

  constructor(storeId: string | null, around: Surroundings) {
    this.storeId = storeId;
    this.around = around;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly read = (): FeedState => this.state;

  start(): void {
    this.around.network.addEventListener('online', this.connect);
    this.around.network.addEventListener('offline', this.goOffline);
    if (this.around.online()) this.connect();
    else this.goOffline();
  }

  stop(): void {
    this.around.network.removeEventListener('online', this.connect);
    this.around.network.removeEventListener('offline', this.goOffline);
    this.disconnect();
  }

  /** At once, whatever was waited for. */
  readonly connect = (): void => {
    this.disconnect();
    this.set({ connection: { state: 'connecting' } });
    const attempt = new AbortController();
    this.attempt = attempt;
    this.open(attempt).catch((error: Error) => {
      if (attempt.signal.aborted) return;
      this.disconnect();
      const asked = error instanceof ApiError && error.retryAt !== null ? error.retryAt.getTime() - Date.now() : 0;
      const wait = Math.max(asked, this.nextWait());
      this.fail({ state: 'refused', error, retryAt: this.tryAgainIn(wait) });
    });
  };

  private async open(attempt: AbortController): Promise<void> {
    const ticket = await this.around.ticket(attempt.signal);
    if (attempt.signal.aborted) return;
    const query = new URLSearchParams({ ticket });
    if (this.storeId !== null) query.set('storeId', this.storeId);
    if (this.state.figures) query.set('since', String(this.state.figures.seq));
    const socket = this.around.open(query);
    const { signal } = attempt;
    signal.addEventListener('abort', () => socket.close());
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => this.take(data), { signal });
    socket.addEventListener('close', ({ code }: CloseEvent) => this.lost(code), { signal });
    this.watchSilence();
  }

  private take(data: string): void {
    this.watchSilence();
    this.failures = 0;
    const figures = follow(this.state.figures, JSON.parse(data) as LiveMessage);
    const live = this.state.connection.state === 'live';
    if (!live || figures !== this.state.figures) this.set({ connection: { state: 'live' }, failure: null, figures });
  }

  private lost(code: number): void {
    this.disconnect();
    if (code === AN_HOUR_IS_OVER) return this.connect();
    const wait = code === DRAINED ? this.around.random() * DRAINED_WAIT_MS : this.nextWait();
    this.fail({ state: 'waiting', retryAt: this.tryAgainIn(wait) });
  }

  /** Ever longer, and nobody's is the same: between half of it and the whole. */
  private nextWait(): number {
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.failures, LAST_WAIT_MS);
    this.failures += 1;
    return (wait * (1 + this.around.random())) / 2;
  }

  private tryAgainIn(ms: number): Date {
    this.again = setTimeout(this.connect, ms);
    return new Date(Date.now() + ms);
  }

  /** A connection that is cut without a word looks open for long. */
  private watchSilence(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(0), SILENCE_MS);
  }

  private readonly goOffline = (): void => {
    this.disconnect();
    this.fail({ state: 'offline' });
  };

  /** What comes of the connection later is not listened to. */
  private disconnect(): void {
    clearTimeout(this.silence);
    clearTimeout(this.again);
    this.attempt?.abort();
    this.attempt = null;
  }

  private fail(connection: Connection): void {
    this.set({ connection, failure: connection });
  }

  private set(change: Partial<FeedState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
