import type { WebSocket } from 'ws';
import { BEAT } from './messages.ts';
import type { LiveMetrics } from './metrics.ts';
import type { LiveOptions } from './options.ts';

/** Why a socket was closed, for its client to act upon. */
export const CLOSE = { stopping: 1001, notAllowed: 1008, tooSlow: 1013, overAnHour: 4000 } as const;

/** How long the other side has to agree to the end. */
const CLOSING_MS = 3000;
/** Up to this part of its time a socket may end before it is over, so that not all come back at once. */
const SPREAD = 0.1;
const AS_TEXT = { binary: false };

/**
 * One socket: what it may be sent now, and when it has to end. Messages that its client does not take in wait in the
 * socket's own buffer, up to a limit; beyond that they are dropped, and a snapshot makes up for them.
 */
export class Client {
  /** Waits for a snapshot (or what it missed), is told all changes, or is too slow to be told any. */
  state: 'waiting' | 'live' | 'lagging' = 'waiting';
  /** It knows all up to this change, which its group has yet to come to; null when it knows what its group does. */
  ahead: number | null = null;
  /** The last change that it says to have seen; null when it needs a snapshot. */
  since: number | null;
  readonly userId: string;
  private readonly socket: WebSocket;
  private readonly options: LiveOptions;
  private readonly metrics: LiveMetrics;
  private readonly endAt: number;
  private pingAt: number;
  private answered = true;
  private laggingSince = 0;
  private ended = false;

  constructor(
    socket: WebSocket,
    of: { userId: string; since: number | null },
    context: { options: LiveOptions; metrics: LiveMetrics },
  ) {
    this.socket = socket;
    this.userId = of.userId;
    this.since = of.since;
    this.options = context.options;
    this.metrics = context.metrics;
    const now = this.options.now();
    this.endAt = now + this.options.lifetimeMs * (1 - SPREAD * Math.random());
    this.pingAt = now + this.options.pingMs;
    socket.on('pong', () => {
      this.answered = true;
    });
    socket.on('message', () => this.end(CLOSE.notAllowed, 'Nothing is to be said here.'));
    // What is wrong with it is for its client to know; `close` follows.
    socket.on('error', () => socket.terminate());
  }

  send(message: Buffer): void {
    if (this.ended || this.state === 'lagging') return;
    if (this.socket.bufferedAmount <= this.options.maxBuffered) return this.socket.send(message, AS_TEXT);
    this.state = 'lagging';
    this.laggingSince = this.options.now();
    this.metrics.dropped.inc();
  }

  /** What it knows does not hold any more. */
  startOver(): void {
    if (this.state === 'live') this.state = 'waiting';
  }

  /** It has been told all up to this change, which its group may have yet to come to. */
  goOn(ahead: number | null): void {
    this.ahead = ahead;
    if (this.state === 'waiting') this.state = 'live';
  }

  /** Sees to its end, its pings, and its way back when it was too slow. */
  tick(now: number): void {
    if (this.ended) return;
    if (now >= this.endAt) this.end(CLOSE.overAnHour, 'Come back for more.');
    else if (this.state === 'lagging') this.lookAtBacklog(now);
    else if (now >= this.pingAt) this.ping(now);
  }

  end(code: number, reason: string): void {
    if (this.ended) return;
    this.ended = true;
    const timer = setTimeout(() => this.socket.terminate(), CLOSING_MS).unref();
    this.socket.once('close', () => clearTimeout(timer));
    this.socket.close(code, reason);
  }

  private lookAtBacklog(now: number): void {
    if (this.socket.bufferedAmount === 0) {
      this.state = 'waiting';
      this.answered = true;
    } else if (now >= this.laggingSince + this.options.lagMs) this.end(CLOSE.tooSlow, 'The connection is too slow.');
  }

  private ping(now: number): void {
    if (!this.answered) {
      this.ended = true;
      return this.socket.terminate();
    }
    this.answered = false;
    this.pingAt = now + this.options.pingMs;
    this.socket.ping();
    this.send(BEAT);
  }
}
