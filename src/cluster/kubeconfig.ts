// Kubeconfig files: which contexts there are, and what is wrong with a file, in words for the person who wrote it.
// The reading itself is client-node's, which knows the whole format; it is loaded when first needed, never before the first frame.

import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { isRecord } from '../lib/deep.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { addBareContext, override, type Overrides } from './overrides.js';

export type KubeconfigSource = {
  /** `--kubeconfig`; absent: KUBECONFIG, then ~/.kube/config, then the service account of a pod. */
  readonly file?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `--as` and `--as-group`: whom every request is made for. */
  readonly impersonate?: Impersonation;
  /** What other flags say in its place. */
  readonly overrides?: Overrides;
  /** Where a pod finds its account. */
  readonly serviceAccountFolder?: string;
};

export type Impersonation = { readonly user: string; readonly groups: readonly string[]; readonly uid?: string };

export type KubeContext = {
  readonly name: string;
  readonly cluster: string;
  readonly server: string;
  readonly namespace: string;
  /** The name that the file gives to who asks. */ readonly user: string;
};

export type Kubeconfig = {
  /** The files it came from, or "service account". */
  readonly source: string;
  readonly contexts: readonly KubeContext[];
  readonly current: string | undefined;
};

export type KubeconfigError = {
  /** `none`: there is no kubeconfig at all, which is no fault of the user's. */
  readonly code: 'none' | 'unreadable' | 'no-context';
  readonly message: string;
};

export type LoadedConfig = { readonly source: string; readonly config: KubeConfig };

export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The contexts, for a person to choose from. */
export async function readKubeconfig(source: KubeconfigSource): Promise<Result<Kubeconfig, KubeconfigError>> {
  const loaded = await loadConfig(source);
  if (!loaded.ok) return loaded;
  const { config } = loaded.value;
  const contexts = contextsOf(config).map(
    (context): KubeContext => ({
      name: context.name,
      cluster: context.cluster,
      server: config.getCluster(context.cluster)?.server ?? '',
      namespace: context.namespace ?? 'default',
      user: context.user,
    }),
  );
  return ok({ source: loaded.value.source, contexts, current: currentOf(config) });
}

/** The configuration with `context` (absent: its current one) chosen. For the credentials of this room only. */
export async function loadContext(
  source: KubeconfigSource,
  context?: string,
): Promise<Result<LoadedConfig & { readonly context: KubeContext }, KubeconfigError>> {
  const loaded = await loadConfig(source);
  if (!loaded.ok) return loaded;
  const { config } = loaded.value;
  const { overrides = {} } = source;
  const named = context ?? currentOf(config);
  const name = named === undefined && overrides.server !== undefined ? addBareContext(config, overrides.server) : named;
  const names = contextsOf(config).map((each) => each.name);
  if (name === undefined)
    return err({
      code: 'no-context',
      message: `${loaded.value.source} names no current context; choose one with --context: ${names.join(', ') || 'it has none'}`,
    });
  if (!names.includes(name))
    return err({ code: 'no-context', message: `${loaded.value.source} has no context ${name}; it has: ${names.join(', ') || 'none'}` });
  const fault = override(config, name, overrides);
  if (fault !== undefined) return err({ code: 'no-context', message: `${loaded.value.source} ${fault}` });
  config.setCurrentContext(name);
  const cluster = config.getCurrentCluster();
  if (cluster === null || cluster.server === '')
    return err({ code: 'no-context', message: `context ${name} of ${loaded.value.source} names a cluster that the file does not describe` });
  if (config.getCurrentUser() === null)
    return err({ code: 'no-context', message: `context ${name} of ${loaded.value.source} names a user that the file does not describe` });
  const namespace = config.getContextObject(name)?.namespace ?? 'default';
  return ok({ ...loaded.value, context: { name, cluster: cluster.name, server: cluster.server, namespace, user: config.getCurrentUser()?.name ?? '' } });
}

/** The namespace of the pod that this process runs in, if it runs in one. */
export async function serviceAccountNamespace(folder = SERVICE_ACCOUNT_FOLDER): Promise<string | undefined> {
  try {
    const text = (await readFile(path.join(folder, 'namespace'), 'utf8')).trim();
    return text === '' ? undefined : text;
  } catch {
    // Outside a pod there is no such file.
    return undefined;
  }
}

/** The reader takes whatever stands there for a name. */
const contextsOf = (config: KubeConfig): ReturnType<KubeConfig['getContexts']> => config.getContexts().filter(({ name }) => typeof name === 'string');

const currentOf = (config: KubeConfig): string | undefined => {
  const name: unknown = config.getCurrentContext();
  return typeof name !== 'string' || name === '' ? undefined : name;
};

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    // Not there, or not for us: either way there is nothing to read.
    return false;
  }
}

async function loadConfig(source: KubeconfigSource): Promise<Result<LoadedConfig, KubeconfigError>> {
  const { KubeConfig: Reader } = await import('@kubernetes/client-node/dist/config.js');
  const files = await filesOf(source);
  const folder = source.serviceAccountFolder ?? SERVICE_ACCOUNT_FOLDER;
  const host = source.environment['KUBERNETES_SERVICE_HOST'] ?? '';
  if (files.length === 0 && host !== '' && (await exists(path.join(folder, 'token')))) {
    const config = new Reader();
    const port = source.environment['KUBERNETES_SERVICE_PORT'] ?? '443';
    config.loadFromOptions(await serviceAccountConfig(folder, `https://${host.includes(':') ? `[${host}]` : host}:${port}`));
    return ok({ source: 'service account', config });
  }
  if (files.length === 0 && source.overrides?.server !== undefined) return ok({ source: '--server', config: new Reader() });
  if (files.length === 0) return err({ code: 'none', message: 'there is no kubeconfig: KUBECONFIG is not set and ~/.kube/config does not exist' });
  const whole = new Reader();
  for (const file of files) {
    const one = new Reader();
    try {
      one.loadFromFile(file);
      placePlugins(one, file);
      await readGroups(one, file);
    } catch (fault) {
      return err({ code: 'unreadable', message: `${file}: ${reasonOf(fault)}` });
    }
    merge(whole, one);
  }
  return ok({ source: files.join(path.delimiter), config: whole });
}

/** Its token is a file that the kubelet writes anew every hour or so; who reads it must look again. */
async function serviceAccountConfig(folder: string, server: string): Promise<Parameters<KubeConfig['loadFromOptions']>[0]> {
  const name = 'in-cluster';
  const namespace = await serviceAccountNamespace(folder);
  return {
    clusters: [{ name, server, caFile: path.join(folder, 'ca.crt'), skipTLSVerify: false }],
    users: [{ name, authProvider: { name: 'tokenFile', config: { tokenFile: path.join(folder, 'token') } } }],
    contexts: [{ name, cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) }],
    currentContext: name,
  };
}

/** `as-groups` of a user, which client-node leaves out: with the name alone one would ask as somebody with other rights. */
async function readGroups({ users }: KubeConfig, file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.includes('as-groups')) return;
  const { parse } = await import('yaml');
  const read: unknown = parse(text);
  const entries = isRecord(read) && Array.isArray(read['users']) ? read['users'].filter(isRecord) : [];
  for (const { name, user } of entries) {
    const groups = isRecord(user) && Array.isArray(user['as-groups']) ? user['as-groups'].filter((group) => typeof group === 'string') : [];
    const known = users.find((each) => each.name === name);
    if (known !== undefined && groups.length > 0) Object.assign(known, { impersonateGroups: groups });
  }
}

/** A program that is named by a path is looked for from the folder of the file that names it, as kubectl does. */
function placePlugins({ users }: KubeConfig, file: string): void {
  for (const { exec } of users as readonly { readonly exec?: unknown }[]) {
    if (!isRecord(exec) || typeof exec['command'] !== 'string') continue;
    if (exec['command'].includes('/') && !path.isAbsolute(exec['command'])) exec['command'] = path.resolve(path.dirname(file), exec['command']);
  }
}

/** As kubectl does: of two entries with one name the first counts (client-node's own merge throws). */
function merge(whole: KubeConfig, more: KubeConfig): void {
  for (const cluster of more.clusters) if (!whole.clusters.some(({ name }) => name === cluster.name)) whole.clusters.push(cluster);
  for (const user of more.users) if (!whole.users.some(({ name }) => name === user.name)) whole.users.push(user);
  for (const context of more.contexts) if (!whole.contexts.some(({ name }) => name === context.name)) whole.contexts.push(context);
  const current = currentOf(more);
  if (currentOf(whole) === undefined && current !== undefined) whole.setCurrentContext(current);
}

async function filesOf({ file, environment }: KubeconfigSource): Promise<readonly string[]> {
  // A file that is asked for by name must be there; of a list the missing ones are passed over, as kubectl does.
  if (file !== undefined) return [file];
  const listed = (environment['KUBECONFIG'] ?? '').split(path.delimiter).filter((name) => name !== '');
  const candidates = listed.length > 0 ? listed : [path.join(environment['HOME'] ?? environment['USERPROFILE'] ?? '', '.kube', 'config')];
  const found = await Promise.all(candidates.map(exists));
  return candidates.filter((_, index) => found[index] === true);
}

/** What a reader threw, without its stack and without the text of the file: it may hold secrets. */
function reasonOf(fault: unknown): string {
  if (!(fault instanceof Error)) return 'can not be read';
  if ('code' in fault && fault.code === 'ENOENT') return 'there is no such file';
  if ('code' in fault && fault.code === 'EACCES') return 'may not be read by this user';
  if ('mark' in fault && 'reason' in fault) {
    const mark = fault.mark as { readonly line?: number; readonly column?: number } | undefined;
    return `line ${(mark?.line ?? 0) + 1}, column ${(mark?.column ?? 0) + 1}: ${String(fault.reason)}`;
  }
  return fault instanceof TypeError ? 'is not a kubeconfig' : (fault.message.split('\n')[0] ?? 'can not be read');
}
