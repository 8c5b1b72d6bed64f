import { Agent as HttpAgent, request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent, request as requestHttps } from 'node:https';
import { buffer } from 'node:stream/consumers';
import {
  AppsV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CoreV1Api,
  createConfiguration,
  DiscoveryV1Api,
  NetworkingV1Api,
  RbacAuthorizationV1Api,
  ResponseContext,
  ServerConfiguration,
  VersionApi,
  wrapHttpLibrary,
  type KubeConfig,
  type RequestContext,
} from '@kubernetes/client-node';
import { apiAway, failureOf } from './failures.ts';

const PATIENCE_MS = 30_000;
/** Shorter than any API server keeps an idle connection, so that we are the ones who close it. */
const IDLE_MS = 30_000;

/** The cluster's API, by its typed clients and as streams. All reject with DEPENDENCY_UNAVAILABLE while it is away. */
export interface Cluster {
  core: CoreV1Api;
  apps: AppsV1Api;
  batch: BatchV1Api;
  networking: NetworkingV1Api;
  discovery: DiscoveryV1Api;
  rbac: RbacAuthorizationV1Api;
  authorization: AuthorizationV1Api;
  version: VersionApi;
  /** A GET of anything, as text. */
  get(path: string, query?: Query): Promise<string>;
  /** A GET whose answer goes on until the signal fires. Resolves with its beginning. */
  stream(path: string, query: Query, signal: AbortSignal): Promise<IncomingMessage>;
  /** Closes what is kept open between requests. */
  close(): void;
}

export type Query = Readonly<Record<string, string | number | boolean>>;

/** Speaks to the cluster that the config's current context names, over connections that are kept. */
export function connectCluster(config: KubeConfig): Cluster {
  const server = config.getCurrentCluster()?.server;
  if (!server) throw new Error('No Kubernetes cluster is configured: set KUBECONFIG, or run inside a cluster.');
  const agents = keptAgents();
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: config },
    httpApi: wrapHttpLibrary({ send: (request) => send(request, agents) }),
  });
  const stream: Cluster['stream'] = (path, query, signal) => openStream(config, server, { path, query, signal });
  return {
    core: new CoreV1Api(configuration),
    apps: new AppsV1Api(configuration),
    batch: new BatchV1Api(configuration),
    networking: new NetworkingV1Api(configuration),
    discovery: new DiscoveryV1Api(configuration),
    rbac: new RbacAuthorizationV1Api(configuration),
    authorization: new AuthorizationV1Api(configuration),
    version: new VersionApi(configuration),
    async get(path, query = {}) {
      const answer = await stream(path, query, AbortSignal.timeout(PATIENCE_MS));
      return (await whole(answer)).toString('utf8');
    },
    stream,
    close: agents.close,
  };
}

/** Sends one request of the typed clients, once more on a new connection when the kept one turns out to be closed. */
async function send(request: RequestContext, agents: KeptAgents): Promise<ResponseContext> {
  const { protocol, hostname, port, pathname, search } = new URL(request.getUrl());
  const body = request.getBody();
  const options: RequestOptions = {
    protocol,
    hostname,
    port,
    path: pathname + search,
    method: request.getHttpMethod().toString(),
    headers: request.getHeaders(),
    agent: agents.like(request.getAgent()),
    signal: AbortSignal.any([request.getSignal(), AbortSignal.timeout(PATIENCE_MS)].filter((one) => one !== undefined)),
  };
  const content = body === undefined ? null : String(body);
  const answer = await exchange(options, content).catch((error: unknown) => {
    if (error instanceof StaleConnection) return exchange({ ...options, agent: request.getAgent() }, content);
    throw error;
  });
  const received = await whole(answer);
  const status = answer.statusCode ?? 0;
  if (status >= 400) throw failureOf(status, received.toString('utf8'));
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
  return new ResponseContext(status, headers, {
    text: async () => received.toString('utf8'),
    binary: async () => received,
  });
}

async function openStream(
  config: KubeConfig,
  server: string,
  { path, query, signal }: { path: string; query: Query; signal: AbortSignal },
): Promise<IncomingMessage> {
  const url = new URL(server + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const options: RequestOptions = { headers: { accept: 'application/json' }, method: 'GET', signal };
  await config.applyToHTTPSOptions(options);
  const { protocol, hostname, port, pathname, search } = url;
  const answer = await exchange({ ...options, protocol, hostname, port, path: pathname + search }, null);
  const status = answer.statusCode ?? 0;
  if (status >= 400) throw failureOf(status, (await whole(answer)).toString('utf8'));
  return answer;
}

/** The server had closed a kept connection before our request arrived there. */
class StaleConnection extends Error {}

function exchange(options: RequestOptions, body: string | null): Promise<IncomingMessage> {
  const request = options.protocol === 'http:' ? requestHttp : requestHttps;
  return new Promise((resolve, reject) => {
    const outgoing = request(options, resolve);
    outgoing.once('socket', (socket) => socket.setKeepAlive(true, PATIENCE_MS));
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      const stale = outgoing.reusedSocket && error.code === 'ECONNRESET';
      reject(stale ? new StaleConnection(error.message) : callerEnded(options.signal) ? error : apiAway(error));
    });
    outgoing.end(body ?? undefined);
  });
}

function whole(answer: IncomingMessage): Promise<Buffer> {
  return buffer(answer).catch((error: unknown) => {
    throw apiAway(error);
  });
}

/** True when it was the caller who gave up, and not the time limit. */
function callerEnded(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && (signal.reason as Error | undefined)?.name !== 'TimeoutError';
}

interface KeptAgents {
  /** An agent with the same credentials that keeps its connections. */
  like(agent: unknown): RequestOptions['agent'];
  close(): void;
}

/** The library makes an agent for each request, and with it a connection; those with the same credentials share one. */
function keptAgents(): KeptAgents {
  const kept = new Map<string, Agent>();
  return {
    like(agent) {
      // A proxy's agent has ways of its own.
      if (!(agent instanceof Agent) || agent.constructor !== Agent)
        return agent instanceof HttpAgent ? agent : undefined;
      const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = agent.options;
      const same = JSON.stringify([ca, cert, key, pfx, passphrase, rejectUnauthorized, servername].map(String));
      const known = kept.get(same) ?? new Agent({ ...agent.options, keepAlive: true, timeout: IDLE_MS });
      kept.set(same, known);
      return known;
    },
    close() {
      for (const agent of kept.values()) agent.destroy();
      kept.clear();
    },
  };
}
