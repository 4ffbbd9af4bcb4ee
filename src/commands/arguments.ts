// Reads the words after a verb: the flags that verbs share, those of their own, and the operands.

import { parseArgs } from 'node:util';
import type { Impersonation } from '../cluster/kubeconfig.js';
import type { Overrides } from '../cluster/overrides.js';
import { REQUEST_TIMEOUT_MS } from '../cluster/limits.js';
import { parseGoDuration } from '../lib/go-duration.js';
import { UsageError } from './command.js';

export type FlagSpec = Readonly<Record<string, { readonly type: 'boolean' | 'string'; readonly short?: string; readonly multiple?: boolean }>>;

export const CLUSTER_FLAGS = {
  kubeconfig: { type: 'string' },
  context: { type: 'string', multiple: true },
  namespace: { type: 'string', short: 'n' },
  'debug-log': { type: 'string' },
  as: { type: 'string' },
  'as-group': { type: 'string', multiple: true },
  'as-uid': { type: 'string' },
  cluster: { type: 'string' },
  user: { type: 'string' },
  server: { type: 'string', short: 's' },
  token: { type: 'string' },
  'certificate-authority': { type: 'string' },
  'client-certificate': { type: 'string' },
  'client-key': { type: 'string' },
  'tls-server-name': { type: 'string' },
  'insecure-skip-tls-verify': { type: 'boolean' },
  'request-timeout': { type: 'string' },
} as const satisfies FlagSpec;

export const DEBUG_LOG_HELP = '    --debug-log FILE   write requests, timings and frames there, for reports of faults (no headers, no bodies)';

export const CLUSTER_FLAG_HELP = [
  '-n, --namespace NS     the namespace (default: that of the context)',
  '    --context NAME     the context of the kubeconfig (default: the current one)',
  '    --kubeconfig FILE  the kubeconfig (default: $KUBECONFIG, then ~/.kube/config)',
  DEBUG_LOG_HELP,
  '    --as USER          make every request for that user; --as-group GROUP (several times), --as-uid UID for those groups, that uid',
  '    --cluster NAME     another cluster of the kubeconfig than the context has; --user NAME: another user',
  '-s, --server URL       another address of the API server; it needs no kubeconfig',
  '    --token TOKEN      be let in by it. Others on this machine see command lines: a user of the kubeconfig with tokenFile or exec is safer',
  '    --certificate-authority FILE  who vouches for the server; --tls-server-name NAME: what its certificate has to say',
  '    --client-certificate FILE     be let in by a certificate, with --client-key FILE',
  '    --insecure-skip-tls-verify    do not ask who the server is: whoever is on the way reads and changes all',
  '    --request-timeout T  give up on a request after so long (10s, 1m; 0: the usual limit). Streams go on',
];

/** As Argo Rollouts' controller calls it. */
export const AWS_FLAG = { 'aws-verify-target-group': { type: 'boolean' } } as const satisfies FlagSpec;

export const AWS_FLAG_HELP = '    --aws-verify-target-group  steps and old pods wait until the load balancers of AWS have followed';

export type Flags = {
  readonly operands: readonly string[];
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  on(name: string): boolean;
};

/** Throws UsageError for unknown flags and missing values. */
export function readFlags(words: readonly string[], spec: FlagSpec): Flags {
  const parsed = (() => {
    try {
      return parseArgs({ args: [...words], options: { ...spec }, allowPositionals: true, strict: true });
    } catch (error) {
      // Node adds advice about `--` after the first sentence.
      throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error));
    }
  })();
  const values: Readonly<Record<string, unknown>> = parsed.values;
  return {
    operands: parsed.positionals,
    text(name) {
      const value = values[name];
      if (Array.isArray(value) && value.length > 1) throw new UsageError(`--${name} can be given once here, not ${value.length} times`);
      const one: unknown = Array.isArray(value) ? value[0] : value;
      return typeof one === 'string' ? one : undefined;
    },
    texts: (name) => (Array.isArray(values[name]) ? values[name].filter((value): value is string => typeof value === 'string') : []),
    on: (name) => values[name] === true,
  };
}

/** Whom `--as` and `--as-group` make every request for; undefined: oneself. */
export function impersonationOf(flags: Flags): Impersonation | undefined {
  const user = flags.text('as');
  const groups = flags.texts('as-group');
  if (user === undefined && groups.length > 0) throw new UsageError('--as-group needs --as: a group alone is nobody');
  const uid = flags.text('as-uid');
  if (user === undefined && uid !== undefined) throw new UsageError('--as-uid needs --as: a uid alone is nobody');
  if (user === '' || groups.includes('')) throw new UsageError('--as and --as-group need a name');
  return user === undefined ? undefined : { user, groups, ...(uid === undefined ? {} : { uid }) };
}

const OVERRIDES = {
  cluster: 'cluster',
  user: 'user',
  server: 'server',
  token: 'token',
  'certificate-authority': 'certificateAuthority',
  'tls-server-name': 'tlsServerName',
  'client-certificate': 'clientCertificate',
  'client-key': 'clientKey',
} as const satisfies Readonly<Record<string, keyof Overrides>>;

/** What the flags say in place of the kubeconfig; undefined: nothing. It is meant for one cluster, and must not reach another. */
export function overridesOf(flags: Flags): Overrides | undefined {
  const given = Object.entries(OVERRIDES).flatMap(([flag, name]) => {
    const value = flags.text(flag);
    if (value === '') throw new UsageError(`--${flag} needs a value`);
    return value === undefined ? [] : [[flag, name, value] as const];
  });
  const insecure = flags.on('insecure-skip-tls-verify');
  const [first] = [...given.map(([flag]) => flag), ...(insecure ? ['insecure-skip-tls-verify'] : [])];
  if (first === undefined) return undefined;
  if (flags.texts('context').length > 1) throw new UsageError(`--${first} is for one cluster: name one --context`);
  const overrides: Overrides = { ...Object.fromEntries(given.map(([, name, value]) => [name, value])), ...(insecure ? { insecureSkipTlsVerify: true } : {}) };
  if (insecure && overrides.certificateAuthority !== undefined)
    throw new UsageError('--insecure-skip-tls-verify and --certificate-authority contradict each other');
  if (overrides.server !== undefined && !/^https?:\/\/[^\s/]/.test(overrides.server))
    throw new UsageError(`--server must be an address such as https://10.0.0.1:6443, not "${overrides.server}"`);
  return overrides;
}

/** The flags of `overridesOf` as words again, for commands that are shown and copied: without a token. */
export function overrideWords(flags: Flags): readonly string[] {
  const given = Object.keys(OVERRIDES).flatMap((flag) => {
    const value = flag === 'token' ? undefined : flags.text(flag);
    return value === undefined ? [] : [`--${flag}=${value}`];
  });
  return [...given, ...(flags.on('insecure-skip-tls-verify') ? ['--insecure-skip-tls-verify'] : [])];
}

/** Longer than any answer is worth waiting for. */
const LONGEST_REQUEST_MS = 600_000;

/** An engine whose writes take longer could write after it has lost its Lease. */
export function requireQuickRequests(flags: Flags): void {
  const ms = requestTimeoutOf(flags);
  if (ms !== undefined && ms > REQUEST_TIMEOUT_MS)
    throw new UsageError(`--request-timeout may be ${REQUEST_TIMEOUT_MS / 1000}s at most here: an engine could write after it has lost its Lease`);
}

/** Milliseconds of --request-timeout; undefined: the usual limit. A number without a unit is seconds, as for kubectl. */
export function requestTimeoutOf(flags: Flags): number | undefined {
  const text = flags.text('request-timeout');
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : parseGoDuration(text);
  if (ms === undefined || ms < 0 || ms > LONGEST_REQUEST_MS)
    throw new UsageError(`--request-timeout must be a duration from 0 to ${LONGEST_REQUEST_MS / 60_000}m such as 10s, not "${text}"`);
  return ms === 0 ? undefined : ms;
}

/** The namespaces of `-n a,b`; none: that flag was not given. */
export function namespacesOf(flags: Flags): readonly string[] {
  const given = flags.text('namespace');
  if (given === undefined) return [];
  const names = [...new Set(given.split(','))];
  const wrong = names.find((name) => !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name));
  if (wrong !== undefined) throw new UsageError(`--namespace takes names of namespaces with commas between them; "${wrong}" is none`);
  return names;
}

/** The flag's value when it is one of the words; UsageError naming them otherwise. */
export function oneOf<const W extends string>(flags: Flags, name: string, words: readonly W[], fallback: W): W {
  const given = flags.text(name);
  if (given === undefined) return fallback;
  const found = words.find((word) => word === given);
  if (found === undefined) throw new UsageError(`--${name} must be ${words.join(' or ')}, not "${given}"`);
  return found;
}

/** Exactly one operand, called `what` in the complaint. */
export function oneOperand(flags: Flags, what: string): string {
  const [first, ...rest] = flags.operands;
  if (first === undefined || first === '') throw new UsageError(`${what} is missing`);
  if (rest.length > 0) throw new UsageError(`one ${what} is wanted, not ${flags.operands.length}: ${flags.operands.join(' ')}`);
  return first;
}
