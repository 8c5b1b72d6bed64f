import { apiBase } from '../../../api/client.ts';
import { append, merge, NO_LINES, type LogLines } from './lines.ts';

/** `off`: nobody looks. `lost`: the connection is away, and is tried again. */
export type Connection = 'off' | 'connecting' | 'live' | 'lost';

export interface LogState {
  connection: Connection;
  /** What is to be seen; stands still while paused. */
  shown: LogLines;
  paused: boolean;
  /** How many lines have come since the pause began. */
  waiting: number;
}

const FIRST_TAIL = 1000;
const WHOLE_TAIL = 5000;
/** Lines are taken over in bunches, because drawing each one costs more than showing it. */
const BUNCH_MS = 100;
/** A new connection's first bunch is the log's end, all at once: it is over when nothing has come for this long. */
const QUIET_MS = 150;
const LONGEST_CATCH_UP_MS = 2000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
/** A page that nobody sees gives its connection back: browsers have six for a server, over all its pages. */
const HIDDEN_MS = 20_000;

/** Follows the log of one store, as long as it is looked at. Whatever interrupts it, it goes on where it was. */
export class LogFollower {
  private readonly storeId: string;
  private readonly listeners = new Set<() => void>();
  private source: EventSource | null = null;
  private lines: LogLines = NO_LINES;
  private incoming: string[] = [];
  private catchingUp = false;
  private openedAt = 0;
  private bunch: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private hidden: ReturnType<typeof setTimeout> | undefined;
  private wait = FIRST_RETRY_MS;
  private state: LogState = { connection: 'off', shown: NO_LINES, paused: false, waiting: 0 };

  constructor(storeId: string) {
    this.storeId = storeId;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly read = (): LogState => this.state;

  start(): void {
    document.addEventListener('visibilitychange', this.onVisibility);
    window.addEventListener('online', this.onOnline);
    this.connect();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.onVisibility);
    window.removeEventListener('online', this.onOnline);
    clearTimeout(this.hidden);
    this.disconnect('off');
  }

  pause(): void {
    this.set({ paused: true });
  }

  resume(): void {
    this.set({ paused: false, shown: this.lines, waiting: 0 });
  }

  private connect(): void {
    this.disconnect(this.state.connection === 'lost' ? 'lost' : 'connecting');
    const tail = this.lines.to === 0 ? FIRST_TAIL : WHOLE_TAIL;
    const source = new EventSource(`${apiBase}/api/v1/stores/${this.storeId}/logs?follow=true&tail=${tail}`, {
      withCredentials: true,
    });
    this.source = source;
    source.addEventListener('open', () => this.opened());
    source.addEventListener('error', () => this.lost());
    source.addEventListener('message', ({ data }: MessageEvent<string>) => this.take(JSON.parse(data) as Message));
  }

  /** What has come is kept; what comes of this connection later is not listened to. */
  private disconnect(connection: Connection): void {
    clearTimeout(this.again);
    this.source?.close();
    this.source = null;
    this.takeOver();
    this.set({ connection });
  }

  private opened(): void {
    this.catchingUp = true;
    this.openedAt = Date.now();
    this.set({ connection: 'live' });
    this.later();
  }

  /** The browser's own way to reconnect would ask for the same lines and tell nobody; ours waits ever longer. */
  private lost(): void {
    if (this.openedAt > 0 && Date.now() - this.openedAt > LAST_RETRY_MS) this.wait = FIRST_RETRY_MS;
    this.openedAt = 0;
    this.disconnect('lost');
    this.again = setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(this.wait * 2, LAST_RETRY_MS);
  }

  private take({ line }: Message): void {
    this.incoming.push(withoutColours(line));
    if (this.catchingUp && Date.now() - this.openedAt < LONGEST_CATCH_UP_MS) clearTimeout(this.bunch);
    else if (this.bunch !== undefined) return;
    this.later();
  }

  private later(): void {
    clearTimeout(this.bunch);
    this.bunch = setTimeout(() => this.takeOver(), this.catchingUp ? QUIET_MS : BUNCH_MS);
  }

  private takeOver(): void {
    clearTimeout(this.bunch);
    this.bunch = undefined;
    const fresh = this.incoming;
    this.incoming = [];
    const add = this.catchingUp ? merge : append;
    this.catchingUp = false;
    if (fresh.length === 0) return;
    this.lines = add(this.lines, fresh);
    const { paused, shown } = this.state;
    this.set(paused ? { waiting: this.lines.to - shown.to } : { shown: this.lines });
  }

  private readonly onVisibility = (): void => {
    clearTimeout(this.hidden);
    if (document.hidden) this.hidden = setTimeout(() => this.disconnect('off'), HIDDEN_MS);
    else if (this.source === null) this.connect();
  };

  private readonly onOnline = (): void => {
    if (this.source === null && !document.hidden) this.connect();
  };

  private set(change: Partial<LogState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

interface Message {
  line: string;
}

/** What colours a terminal. */
const COLOURS = /\p{Cc}\[[0-9;]*[A-Za-z]/gu;

function withoutColours(line: string): string {
  return line.includes('\u001b') ? line.replaceAll(COLOURS, '') : line;
}
