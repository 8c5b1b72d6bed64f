import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { bulkhead } from 'cockatiel';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Authenticator } from '../auth/authenticator.ts';
import { followIdentity } from '../auth/follow-identity.ts';
import type { Config } from '../config.ts';
import type { Actor, Database } from '../db/database.ts';
import type { FeedEntry } from '../db/order-feed.ts';
import type { Answer } from '../gateway/answers.ts';
import { rawAnswer } from '../gateway/page.ts';
import type { Scope } from '../orders/summary.ts';
import { answerTo, STOPPING, TOO_MANY } from './answers.ts';
import { Client, CLOSE } from './client.ts';
import { createEntrance, identityOf, type Admission } from './entrance.ts';
import { Feed } from './feed.ts';
import { Group, type GroupContext } from './group.ts';
import { createLiveMetrics } from './metrics.ts';
import { LIVE_DEFAULTS, type LiveOptions } from './options.ts';
import { together } from './rechecks.ts';

export interface LiveDeps {
  config: Pick<Config, 'publicUrl' | 'ALLOWED_ORIGINS' | 'LIVE_CONNECTIONS_PER_USER'>;
  db: Database;
  log: Logger;
  metrics: Registry;
  authenticator: Pick<Authenticator, 'onChange'>;
}

export interface Live {
  /** Makes a request a live connection, or answers why not. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Takes nobody in and ends all sockets; their clients come back to another process. */
  drain(): void;
  close(): Promise<void>;
  readonly size: number;
}

/** Clients have nothing to say. */
const MAX_PAYLOAD = 1024;

/** The live side of orders, for all sockets of this process (ORD-5). */
export function createLive(deps: LiveDeps, changed: Partial<LiveOptions> = {}): Live {
  return new LiveSockets(deps, { ...LIVE_DEFAULTS, ...changed });
}

class LiveSockets implements Live {
  private readonly deps: LiveDeps;
  private readonly options: LiveOptions;
  private readonly context: GroupContext;
  private readonly enter: ReturnType<typeof createEntrance>;
  private readonly recheck: ReturnType<typeof together>;
  private readonly server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD,
  });
  private readonly clients = new Map<Client, Group>();
  private readonly groups = new Map<string, Group>();
  private readonly ticking: NodeJS.Timeout;
  private listening: Promise<(() => Promise<void>)[]> | null = null;
  private usedAt = 0;
  private draining = false;
  private allGone: () => void = () => undefined;

  constructor(deps: LiveDeps, options: LiveOptions) {
    const { db, log } = deps;
    this.deps = deps;
    this.options = options;
    const [entering, reading] = [lineOf(options.lookUpsAtOnce), lineOf(options.readsAtOnce)];
    const enter = createEntrance(db, deps.config);
    this.enter = (request) => entering(() => enter(request));
    this.recheck = together((held) => entering(() => db.asStranger((tx) => identityOf(tx, held))));
    this.context = {
      db,
      log,
      options,
      feed: new Feed(db, log, options, {
        onChanges: (changes) => this.spread(changes),
        onLost: () => this.groups.forEach((group) => group.startOver()),
      }),
      metrics: createLiveMetrics(deps.metrics),
      inTurn: reading,
    };
    this.ticking = setInterval(() => this.tick(), options.tickMs).unref();
  }

  get size(): number {
    return this.clients.size;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    void this.admitOrRefuse(request, socket, head);
  }

  drain(): void {
    this.draining = true;
    for (const client of this.clients.keys()) client.end(CLOSE.stopping, 'The platform is being stopped. Come back.');
  }

  async close(): Promise<void> {
    this.drain();
    clearInterval(this.ticking);
    if (this.clients.size > 0) await new Promise<void>((resolve) => (this.allGone = resolve));
    this.context.feed.stop();
    const stop = (await this.listening?.catch(() => [])) ?? [];
    await Promise.all(stop.map((end) => end()));
  }

  private async admitOrRefuse(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const admission = await this.admit(request).catch((error: unknown) => {
      this.deps.log.warn({ err: error }, 'A live connection could not be opened');
      return answerTo(error);
    });
    if (socket.destroyed) return;
    if ('code' in admission) return refuse(socket, admission);
    const refusal = this.refusalFor(admission);
    if (refusal) return refuse(socket, refusal);
    this.server.handleUpgrade(request, socket, head, (opened) => this.open(opened, admission));
  }

  private async admit(request: IncomingMessage): Promise<Admission | Answer> {
    if (this.draining) return STOPPING;
    const admission = await this.enter(request);
    if (!('code' in admission)) await this.follow();
    return admission;
  }

  /** What may change while the others are being found out. */
  private refusalFor({ identity }: Admission): Answer | null {
    const { userId } = identity.actor;
    const open = [...this.clients.keys()].filter((client) => client.userId === userId).length;
    if (open >= this.deps.config.LIVE_CONNECTIONS_PER_USER) return TOO_MANY;
    return this.draining ? STOPPING : null;
  }

  private async follow(): Promise<void> {
    this.usedAt = this.options.now();
    await this.listen();
    await this.context.feed.follow();
  }

  /** Only from the first socket on: a process whose live pages nobody opens need not hear of orders. */
  private listen(): Promise<unknown> {
    const { db } = this.deps;
    const { feed } = this.context;
    const lookAgain = (id: string | null): void => {
      for (const group of this.groups.values()) {
        if (id === null || group.scope.sourceId === null || group.scope.sourceId === id) group.lookAgain();
      }
    };
    this.listening ??= Promise.all([
      db.listen(
        'order_feed',
        () => void feed.poke(),
        () => feed.doubt(),
      ),
      db.listen('order_source', lookAgain, () => lookAgain(null)),
    ]).catch((error: unknown) => {
      this.listening = null;
      throw error;
    });
    return this.listening;
  }

  private open(socket: WebSocket, { identity, held, scope, since }: Admission): void {
    const { authenticator } = this.deps;
    const ended = new AbortController();
    const client = new Client(socket, { userId: identity.actor.userId, since }, this.context);
    let { actor } = identity;
    this.join(client, actor, scope);
    this.context.metrics.sockets.set(this.clients.size);
    socket.on('close', () => {
      ended.abort();
      this.leave(client);
    });
    const follower = followIdentity({
      authenticator,
      identity,
      recheck: () => this.recheck(held),
      signal: ended.signal,
      end: () => client.end(CLOSE.notAllowed, 'The session or key is not valid any more.'),
      onLook: (now) => {
        if (now.actor.role !== actor.role) this.join(client, now.actor, scope);
        actor = now.actor;
      },
    });
    // What has changed since the ticket was looked at was told to nobody.
    void follower.look();
  }

  /** Puts a client among those who see the same, and nowhere else. */
  private join(client: Client, actor: Actor, scope: Scope): void {
    this.part(client);
    const key = `${actor.role === 'admin' ? 'admin' : actor.userId} ${scope.sourceId ?? ''}`;
    const group = this.groups.get(key) ?? new Group(key, actor, scope, this.context);
    this.groups.set(key, group);
    this.clients.set(client, group);
    client.startOver();
    group.add(client);
  }

  private part(client: Client): void {
    const group = this.clients.get(client);
    group?.remove(client);
    if (group?.clients.size === 0) this.groups.delete(group.key);
  }

  private leave(client: Client): void {
    this.part(client);
    this.clients.delete(client);
    this.context.metrics.sockets.set(this.clients.size);
    if (this.clients.size === 0) this.allGone();
  }

  private spread(changes: readonly FeedEntry[]): void {
    const sources = new Set(changes.map(({ sourceId }) => sourceId));
    for (const group of this.groups.values()) group.changed(sources);
  }

  private tick(): void {
    const now = this.options.now();
    for (const group of this.groups.values()) group.tick(now);
    if (this.clients.size > 0) this.usedAt = now;
    else if (now - this.usedAt > this.options.lingerMs) this.context.feed.stop();
  }
}

/** Work of which so much is done at once, and the rest waits: of a thousand who come together, all are let in. */
function lineOf(atOnce: number): GroupContext['inTurn'] {
  const line = bulkhead(atOnce, Number.POSITIVE_INFINITY);
  return (work) => line.execute(work);
}

/** Waits for the answer to be written and not for the other side to hang up. */
function refuse(socket: Duplex, answer: Answer): void {
  socket.once('finish', () => socket.destroy());
  socket.end(rawAnswer(answer));
}
