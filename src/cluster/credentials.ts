// How to be let in: certificates, tokens and log-in plugins of one context, and one keep-alive agent. Nothing of it ever appears
// in a message. client-node finds what stands in files; plugins are run here (exec-plugin.ts).

import http from 'node:http';
import https from 'node:https';
import { createSecureContext } from 'node:tls';
import { isRecord } from '../lib/deep.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { ClusterError, Entrance } from './cluster.js';
import { type ExecPlugin, readExecPlugin } from './exec-plugin.js';
import { createLogIn, type LogIn } from './log-in.js';
import { loadContext } from './kubeconfig.js';
import type { Impersonation, KubeContext, KubeconfigError, KubeconfigSource, LoadedConfig } from './kubeconfig.js';

export type Headers = Readonly<Record<string, string | string[]>>;

export type Access = { readonly headers: Headers; readonly agent: http.Agent };

export interface Credentials {
  readonly context: KubeContext;
  readonly entrance: Entrance;
  /** Headers and agent for the next request; refreshed now and then. */
  access(): Promise<Result<Access, ClusterError>>;
  /** The server said 401: read the files again. False when that was done a moment ago, so that trying again is useless. */
  renew(): Promise<boolean>;
  /** The server's answer to a request that had these credentials: what a refusal means, in words; undefined when there was none. */
  judge(statusCode: number): string | undefined;
  /** Closes the connections. */
  close(): void;
}

/** Tokens in files change; this is how stale one may be (client-go reads files as often). */
const REFRESH_MS = 60_000;
const SHORTEST_RENEWAL_MS = 2000;
/** Watches hold a connection each, for every kind and namespace: far more than those, so that no request ever waits behind them. */
const MOST_CONNECTIONS = 1024;
const KEEP_ALIVE_MS = 15_000;
const AGENT = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MS, maxSockets: MOST_CONNECTIONS, scheduling: 'lifo' as const };

type Tls = Pick<https.AgentOptions, 'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'rejectUnauthorized' | 'servername'>;
type Applied = Tls & { headers?: http.OutgoingHttpHeaders; auth?: string; agent?: http.Agent };

type Loaded = LoadedConfig & { readonly plugin: ExecPlugin | undefined };

/** Takes the plugin out of the configuration, so that nobody but this room runs it. */
function withoutPlugin(loaded: LoadedConfig): Loaded {
  const { config } = loaded;
  const user: unknown = config.getCurrentUser();
  const cluster = config.getCurrentCluster();
  if (!isRecord(user)) return { ...loaded, plugin: undefined };
  const provider = isRecord(user['authProvider']) ? user['authProvider'] : {};
  const old = isRecord(provider['config']) ? provider['config']['exec'] : undefined;
  const info = { server: cluster?.server, 'certificate-authority-data': cluster?.caData, 'insecure-skip-tls-verify': cluster?.skipTLSVerify };
  const plugin = readExecPlugin(user['exec'] ?? old, info);
  if (plugin !== undefined) Object.assign(user, { exec: undefined, authProvider: undefined });
  return { ...loaded, plugin };
}

/** The context must exist; its plugin or token file is first asked for at the first request. */
export async function openCredentials(source: KubeconfigSource, name: string | undefined, now: () => number): Promise<Result<Credentials, KubeconfigError>> {
  const first = await loadContext(source, name);
  if (!first.ok) return first;
  const { context } = first.value;
  const secure = context.server.startsWith('https:');
  const logIn = createLogIn(source.environment, now);
  let loaded = withoutPlugin(first.value);
  const kept = keepAgent(context.name, secure);
  let current: Access | undefined;
  let refreshedAt = Number.NEGATIVE_INFINITY;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let refreshing: Promise<Result<Access, ClusterError>> | undefined;
  let refusal: string | undefined;

  const refresh = async (): Promise<Result<Access, ClusterError>> => {
    const applied = await optionsOf(loaded, secure, context.name);
    if (!applied.ok) return applied;
    const options = applied.value;
    const plugged = loaded.plugin === undefined ? undefined : await logIn.credential(loaded.plugin);
    if (plugged?.ok === false) return err({ code: 401, reason: 'Unauthorized', message: plugged.error });
    const found: Tls = { ...pick(options), ...plugged?.value.certificate };
    const agent = kept.agent(loaded, options, found);
    if (!agent.ok) return agent;
    const token = plugged?.value.token;
    const secret = secure ? { ...headersOf(options), ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) } : {};
    current = { headers: { ...secret, ...impersonationOf(source.impersonate ?? impersonationIn(loaded)) }, agent: agent.value };
    refreshedAt = now();
    return ok(current);
  };

  const access = async (): Promise<Result<Access, ClusterError>> => {
    if (current !== undefined && now() - refreshedAt < REFRESH_MS) return ok(current);
    // Many requests at once ask a plugin once.
    refreshing ??= refresh().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  };

  const reread = async (): Promise<Result<undefined, string>> => {
    renewedAt = now();
    refreshedAt = Number.NEGATIVE_INFINITY;
    const again = await loadContext(source, context.name);
    if (again.ok) loaded = withoutPlugin(again.value);
    return again.ok ? ok(undefined) : err(again.error.message);
  };

  return ok({
    context,
    entrance: entranceOf(
      logIn,
      () => loaded.plugin,
      reread,
      () => refusal,
    ),
    access,
    async renew() {
      if (now() - renewedAt < SHORTEST_RENEWAL_MS) return false;
      logIn.forget();
      return (await reread()).ok;
    },
    judge(statusCode) {
      refusal = statusCode === 401 ? refusedText(context, loaded) : undefined;
      return refusal;
    },
    close: () => kept.close(),
  });
}

/** What stands in the files, as client-node finds it. */
async function optionsOf({ config }: Loaded, secure: boolean, context: string): Promise<Result<Applied, ClusterError>> {
  const options: Applied = {};
  try {
    // client-node makes an agent of its own, and refuses plain http for it unless told that this is meant.
    const cluster = config.getCurrentCluster();
    if (!secure && cluster !== null) Object.assign(cluster, { skipTLSVerify: true });
    await config.applyToHTTPSOptions(options);
    return ok(options);
  } catch (fault) {
    return err(notLetIn(context, fault));
  }
}

function entranceOf(
  logIn: LogIn,
  plugin: () => ExecPlugin | undefined,
  reread: () => Promise<Result<undefined, string>>,
  refusal: () => string | undefined,
): Entrance {
  return {
    trouble() {
      const current = plugin();
      return (current === undefined ? undefined : logIn.trouble(current)) ?? refusal();
    },
    get asks() {
      return (plugin()?.interactiveMode ?? 'Never') !== 'Never';
    },
    async again(terminal) {
      const read = await reread();
      const current = plugin();
      if (!read.ok || current === undefined) return read;
      const logged = await logIn.again(current, terminal);
      return logged.ok ? ok(undefined) : logged;
    },
  };
}

/** What stands between the person and the server, by its kind: never what it is. */
function refusedText({ name, user }: KubeContext, { plugin, config, source }: Loaded): string {
  if (plugin !== undefined) return `the server does not accept what the log-in plugin ${plugin.command.split('/').at(-1) ?? ''} brought for user ${user}`;
  const known: unknown = config.getCurrentUser();
  const has = (field: string): boolean => isRecord(known) && typeof known[field] === 'string' && known[field] !== '';
  const what = has('token') ? 'token' : has('certData') || has('certFile') ? 'certificate' : 'log-in';
  return `the server does not accept the ${what} of user ${user} (context ${name} of ${source}): it may have expired; the file is read again when it changes`;
}

/** `as` and `as-groups` of the kubeconfig's user. */
function impersonationIn({ config }: Loaded): Impersonation | undefined {
  const user: unknown = config.getCurrentUser();
  if (!isRecord(user) || typeof user['impersonateUser'] !== 'string') return undefined;
  const groups = user['impersonateGroups'];
  return { user: user['impersonateUser'], groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [] };
}

function impersonationOf(impersonation: Impersonation | undefined): Headers {
  if (impersonation === undefined) return {};
  const { user, groups, uid } = impersonation;
  return {
    'Impersonate-User': user,
    ...(uid === undefined ? {} : { 'Impersonate-Uid': uid }),
    ...(groups.length === 0 ? {} : { 'Impersonate-Group': [...groups] }),
  };
}

/** Certificates are read once for all connections: a dozen are opened at once, and reading them is half of what each takes. */
function secureAgent({ rejectUnauthorized, servername, ...certificates }: Tls): http.Agent {
  return new https.Agent({ ...AGENT, rejectUnauthorized, servername, secureContext: createSecureContext(certificates) });
}

type KeptAgent = { agent(loaded: Loaded, applied: Applied, tls: Tls): Result<http.Agent, ClusterError>; close(): void };

/** One agent for as long as the certificates are the same. Behind a proxy it is the one that client-node made. */
function keepAgent(context: string, secure: boolean): KeptAgent {
  let kept: { readonly agent: http.Agent; readonly tls: Tls } | undefined;
  const newAgent = ({ config }: Loaded, { agent }: Applied, tls: Tls): http.Agent => {
    const proxied = config.getCurrentCluster()?.proxyUrl !== undefined;
    if (proxied && agent !== undefined) return keptAlive(agent);
    return secure ? secureAgent(tls) : new http.Agent(AGENT);
  };
  return {
    agent(loaded, applied, tls) {
      if (kept !== undefined && sameTls(kept.tls, tls)) return ok(kept.agent);
      try {
        const agent = newAgent(loaded, applied, tls);
        kept?.agent.destroy();
        kept = { agent, tls };
        return ok(agent);
      } catch (fault) {
        return err(notLetIn(context, fault));
      }
    },
    close: () => kept?.agent.destroy(),
  };
}

/** The agent that client-node made for a proxy, told to keep its connections. */
function keptAlive(agent: http.Agent): http.Agent {
  return Object.assign(agent, AGENT);
}

function pick(options: Applied): Tls {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  return Object.fromEntries(Object.entries({ ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }).filter(([, value]) => value !== undefined));
}

const sameTls = (a: Tls, b: Tls): boolean => JSON.stringify(a) === JSON.stringify(b);

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
  return { code: 401, reason: 'Unauthorized', message: `no credentials for context ${context}: ${reason === '' ? 'unknown' : reason}` };
}
