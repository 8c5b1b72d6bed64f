import type { Logger } from 'pino';
import type { Actor, Database } from '../db/database.ts';
import type { FeedEntry } from '../db/order-feed.ts';
import { visibleSources } from '../db/visible-sources.ts';
import { readSummary } from '../orders/read-summary.ts';
import type { Scope, Summary } from '../orders/summary.ts';
import { dateIn } from '../orders/zone.ts';
import { CLOSE, type Client } from './client.ts';
import type { Feed } from './feed.ts';
import * as messages from './messages.ts';
import type { LiveMetrics } from './metrics.ts';
import type { LiveOptions } from './options.ts';

const TRY_AGAIN_MS = 1000;
/** Sending may take one part in so many of the time. */
const SHARE = 4;

export interface GroupContext {
  db: Database;
  log: Logger;
  feed: Feed;
  options: LiveOptions;
  metrics: LiveMetrics;
  /** Does some work in its turn; few at once. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Figures as they were read. */
interface Reading {
  summary: Summary;
  /** All changes up to this one are in it. */
  position: number;
  readAt: number;
  message: Buffer;
}

/**
 * Clients that see the same, since they have the same rights and look at the same stores: what is read and written for
 * one of them is for all. A client that comes in is told everything as of some change, and then what follows from
 * there on, so that it counts nothing twice and misses nothing.
 */
export class Group {
  readonly key: string;
  readonly clients = new Set<Client>();
  readonly scope: Scope;
  private readonly actor: Actor;
  private readonly context: GroupContext;
  /** All changes up to this one have been sent to those who are up to date. */
  private position: number;
  private visible = { ids: new Set<string>(), mark: '', since: 0 };
  private sourcesChanged = true;
  private latest: Reading | null = null;
  private figuresChanged = false;
  private figuresAt = 0;
  private sendAt = 0;
  private sending: NodeJS.Timeout | undefined;
  private working = false;
  private restUntil = 0;

  constructor(key: string, actor: Actor, scope: Scope, context: GroupContext) {
    this.key = key;
    this.actor = actor;
    this.scope = scope;
    this.context = context;
    this.position = context.feed.position;
  }

  add(client: Client): void {
    this.clients.add(client);
    client.ahead = null;
    void this.work();
  }

  remove(client: Client): void {
    this.clients.delete(client);
    if (this.clients.size > 0) return;
    clearTimeout(this.sending);
    this.sending = undefined;
  }

  /** The feed has gone on; these sources are in it. */
  changed(sourceIds: ReadonlySet<string>): void {
    const concerned = [...sourceIds].some((id) => this.visible.ids.has(id));
    if (concerned) {
      this.figuresChanged = true;
      this.sendSoon();
    } else if (this.sending === undefined) this.position = this.context.feed.position;
  }

  /** A source has come, gone or changed. */
  lookAgain(): void {
    this.sourcesChanged = true;
    void this.work();
  }

  /** What is known does not hold any more: all are told everything anew. */
  startOver(): void {
    this.latest = null;
    this.position = this.context.feed.position;
    for (const client of this.clients) client.startOver();
    void this.work();
  }

  tick(now: number): void {
    for (const client of this.clients) client.tick(now);
    const { summary } = this.latest ?? {};
    if (summary && dateIn(summary.timeZone, new Date(now)) !== summary.date) this.startOver();
    void this.work();
  }

  /** The first change of several is sent at once, the others together. */
  private sendSoon(): void {
    if (this.sending !== undefined) return;
    const wait = this.sendAt - performance.now();
    if (wait <= 0) return this.sendChanges();
    this.sending = setTimeout(() => this.sendChanges(), wait);
  }

  private sendChanges(): void {
    clearTimeout(this.sending);
    this.sending = undefined;
    const { feed, metrics, options } = this.context;
    const begun = performance.now();
    const changes = feed.after(this.position);
    if (!changes) return this.startOver();
    const news = this.seen(changes);
    const { position: upTo } = feed;
    const shared = messages.delta(upTo, news);
    for (const client of this.clients) this.tell(client, news, upTo, shared);
    this.position = upTo;
    // Where there are so many that sending takes long, the process must have time for other things too.
    this.sendAt = begun + Math.max(options.deltaMs, SHARE * (performance.now() - begun));
    for (const { at } of news) metrics.delay.observe(Math.max(0, Date.now() - at.getTime()) / 1000);
  }

  private tell(client: Client, news: readonly FeedEntry[], upTo: number, shared: Buffer): void {
    if (client.state !== 'live') return;
    const from = client.ahead ?? this.position;
    if (from >= upTo && client.ahead !== null) return;
    client.ahead = null;
    const unknown = news.filter(({ seq }) => seq > from);
    if (unknown.length > 0) client.send(unknown.length === news.length ? shared : messages.delta(upTo, unknown));
  }

  private seen(changes: readonly FeedEntry[]): FeedEntry[] {
    return changes.filter(({ sourceId }) => this.visible.ids.has(sourceId));
  }

  /** Does all that is to be done, one thing after the other. */
  private async work(): Promise<void> {
    if (this.working || this.context.options.now() < this.restUntil) return;
    this.working = true;
    try {
      while (this.clients.size > 0 && (await this.step()));
    } catch (error) {
      this.context.log.debug({ err: error }, 'Live figures could not be read; trying again');
      this.restUntil = this.context.options.now() + TRY_AGAIN_MS;
      this.sourcesChanged = true;
    } finally {
      this.working = false;
    }
  }

  /** False when there is nothing to do. */
  private async step(): Promise<boolean> {
    if (this.sourcesChanged) {
      await this.lookAtSources();
      return true;
    }
    const waiting = [...this.clients].filter(({ state }) => state === 'waiting');
    const since = waiting.find((client) => client.since !== null)?.since ?? null;
    if (since !== null) await this.welcomeBack(since);
    else if (this.figuresAreDue() || (waiting.length > 0 && !this.isFresh())) await this.read();
    else for (const client of waiting) this.tellAll(client);
    return waiting.length > 0;
  }

  private async lookAtSources(): Promise<void> {
    this.sourcesChanged = false;
    const { db, inTurn, feed } = this.context;
    const sources = await inTurn(() => db.asUser(this.actor, (tx) => visibleSources(tx, this.scope.sourceId)));
    if (this.scope.sourceId !== null && sources.length === 0) return this.endAll();
    const mark = sources.map(({ id, timeZone }) => `${id} ${timeZone}`).join();
    if (mark === this.visible.mark) return;
    this.visible = { ids: new Set(sources.map(({ id }) => id)), mark, since: feed.position };
    this.startOver();
  }

  private endAll(): void {
    for (const client of this.clients) client.end(CLOSE.notAllowed, 'This store is not there any more.');
    this.clients.clear();
  }

  private figuresAreDue(): boolean {
    const { now, figuresMs, figuresAtLeastMs } = this.context.options;
    const age = now() - this.figuresAt;
    return age >= (this.figuresChanged ? figuresMs : figuresAtLeastMs);
  }

  private isFresh(): boolean {
    const { now, figuresMs } = this.context.options;
    return this.latest !== null && now() - this.latest.readAt < figuresMs;
  }

  /** Reads the figures for those who wait, and tells the others what is new in them. */
  private async read(): Promise<void> {
    const { db, feed, inTurn, options } = this.context;
    const { position: from } = feed;
    const news = this.figuresChanged || this.figuresAreDue();
    this.figuresChanged = false;
    const summary = await inTurn(() =>
      db.asUser(this.actor, (tx) => readSummary(tx, this.scope, { now: new Date(options.now()) })),
    ).catch((error: unknown) => {
      this.figuresChanged = true;
      throw error;
    });
    const position = Math.max(from, summary.seq);
    this.latest = { summary, position, readAt: options.now(), message: messages.snapshot(position, summary) };
    this.figuresAt = options.now();
    if (news) this.tellFigures(summary);
  }

  private tellFigures(summary: Summary): void {
    const message = messages.figures(summary);
    for (const client of this.clients) if (client.state === 'live') client.send(message);
  }

  /** A snapshot, and what has changed since it was taken. */
  private tellAll(client: Client): void {
    if (!this.latest) return;
    client.send(this.latest.message);
    this.goOnFrom(client, this.latest.position);
  }

  private goOnFrom(client: Client, from: number): void {
    if (from >= this.position) return client.goOn(from);
    const changes = this.context.feed.after(from);
    if (!changes) {
      this.latest = null;
      return;
    }
    const news = this.seen(changes).filter(({ seq }) => seq <= this.position);
    if (news.length > 0) client.send(messages.delta(this.position, news));
    client.goOn(null);
  }

  /** Those who have seen all up to this change before they lost their connection. */
  private async welcomeBack(since: number): Promise<void> {
    const missed = await this.context.feed.missedSince(since);
    const message = missed && messages.delta(missed.upTo, this.seen(missed.changes));
    for (const client of this.clients) {
      if (client.since !== since) continue;
      client.since = null;
      if (!missed || !message) continue;
      client.send(message);
      this.figuresChanged = true;
      if (this.isSameAs(since, missed.seenAt)) this.goOnFrom(client, missed.upTo);
    }
  }

  /**
   * Whether nothing but orders has changed since: the same day, the same sources. Where that is not known, a snapshot
   * makes certain.
   */
  private isSameAs(since: number, seenAt: Date | null): boolean {
    if (!this.latest || !seenAt || since <= this.visible.since) return false;
    const { timeZone, date } = this.latest.summary;
    return dateIn(timeZone, seenAt) === date;
  }
}
