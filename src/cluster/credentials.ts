// How to be let in: certificates, tokens and exec plugins of one context, as client-node finds them, and one keep-alive agent.
// Nothing of it ever appears in a message.

import http from 'node:http';
import https from 'node:https';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { ClusterError } from './cluster.js';
import { loadContext } from './kubeconfig.js';
import type { KubeContext, KubeconfigError, KubeconfigSource, LoadedConfig } from './kubeconfig.js';

export type Access = { readonly headers: Readonly<Record<string, string>>; readonly agent: http.Agent };

export interface Credentials {
  readonly context: KubeContext;
  /** Headers and agent for the next request; refreshed now and then. */
  access(): Promise<Result<Access, ClusterError>>;
  /** The server said 401: read the files again. False when that was done a moment ago, so that trying again is useless. */
  renew(): Promise<boolean>;
  /** Closes the connections. */
  close(): void;
}

/** Tokens in files and from plugins change; this is how stale one may be (client-go reads files as often). */
const REFRESH_MS = 60_000;
const SHORTEST_RENEWAL_MS = 2000;
/** Watches hold a connection each, for every kind and namespace: far more than those, so that no request ever waits behind them. */
const MOST_CONNECTIONS = 1024;
const KEEP_ALIVE_MS = 15_000;

type Tls = Pick<https.AgentOptions, 'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'rejectUnauthorized' | 'servername'>;
type Applied = Tls & { headers?: http.OutgoingHttpHeaders; auth?: string; agent?: http.Agent };

/** The context must exist; its plugin or token file is first asked for at the first request. */
export async function openCredentials(source: KubeconfigSource, name: string | undefined, now: () => number): Promise<Result<Credentials, KubeconfigError>> {
  const first = await loadContext(source, name);
  if (!first.ok) return first;
  const { context } = first.value;
  const secure = context.server.startsWith('https:');
  let loaded: LoadedConfig = first.value;
  let current: Access | undefined;
  let tls: Tls | undefined;
  let refreshedAt = Number.NEGATIVE_INFINITY;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let refreshing: Promise<Result<Access, ClusterError>> | undefined;

  const refresh = async (): Promise<Result<Access, ClusterError>> => {
    const options: Applied = {};
    try {
      // client-node makes an agent of its own, and refuses plain http for it unless told that this is meant.
      const cluster = loaded.config.getCurrentCluster();
      if (!secure && cluster !== null) Object.assign(cluster, { skipTLSVerify: true });
      await loaded.config.applyToHTTPSOptions(options);
    } catch (fault) {
      return err(notLetIn(context.name, fault));
    }
    const proxied = loaded.config.getCurrentCluster()?.proxyUrl !== undefined;
    const found: Tls = pick(options);
    if (current === undefined || !sameTls(tls, found)) {
      current?.agent.destroy();
      current = { headers: {}, agent: proxied && options.agent !== undefined ? keptAlive(options.agent) : newAgent(secure, found) };
      tls = found;
    }
    current = { headers: secure ? headersOf(options) : {}, agent: current.agent };
    refreshedAt = now();
    return ok(current);
  };

  return ok({
    context,
    async access() {
      if (current !== undefined && now() - refreshedAt < REFRESH_MS) return ok(current);
      // Many requests at once ask a plugin once.
      refreshing ??= refresh().finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
    async renew() {
      if (now() - renewedAt < SHORTEST_RENEWAL_MS) return false;
      renewedAt = now();
      const again = await loadContext(source, context.name);
      if (again.ok) loaded = again.value;
      refreshedAt = Number.NEGATIVE_INFINITY;
      return again.ok;
    },
    close: () => current?.agent.destroy(),
  });
}

function newAgent(secure: boolean, tls: Tls): http.Agent {
  const options = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MS, maxSockets: MOST_CONNECTIONS, scheduling: 'lifo' as const };
  return secure ? new https.Agent({ ...options, ...tls }) : new http.Agent(options);
}

/** The agent that client-node made for a proxy, told to keep its connections. */
function keptAlive(agent: http.Agent): http.Agent {
  return Object.assign(agent, { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MS, maxSockets: MOST_CONNECTIONS });
}

function pick(options: Applied): Tls {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  return Object.fromEntries(Object.entries({ ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }).filter(([, value]) => value !== undefined));
}

const sameTls = (a: Tls | undefined, b: Tls): boolean => a !== undefined && JSON.stringify(a) === JSON.stringify(b);

/** Like client-go, this sends nothing secret over plain http (the caller leaves them out there). */
function headersOf(options: Applied): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) if (value !== undefined) headers[name] = String(value).trim();
  if (options.auth !== undefined) headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return headers;
}

const LONGEST_REASON = 300;

function notLetIn(context: string, fault: unknown): ClusterError {
  const reason = fault instanceof Error ? fault.message.trim().slice(0, LONGEST_REASON) : 'unknown';
  return {
    code: 401,
    reason: 'Unauthorized',
    message: `no credentials for context ${context}: ${reason === '' ? 'the plugin failed without a word' : reason}`,
  };
}
