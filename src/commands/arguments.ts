// Reads the words after a verb: the flags that verbs share, those of their own, and the operands.

import { parseArgs } from 'node:util';
import type { Impersonation } from '../cluster/kubeconfig.js';
import { UsageError } from './command.js';

export type FlagSpec = Readonly<Record<string, { readonly type: 'boolean' | 'string'; readonly short?: string; readonly multiple?: boolean }>>;

export const CLUSTER_FLAGS = {
  kubeconfig: { type: 'string' },
  context: { type: 'string', multiple: true },
  namespace: { type: 'string', short: 'n' },
  'debug-log': { type: 'string' },
  as: { type: 'string' },
  'as-group': { type: 'string', multiple: true },
} as const satisfies FlagSpec;

export const DEBUG_LOG_HELP = '    --debug-log FILE   write requests, timings and frames there, for reports of faults (no headers, no bodies)';

export const CLUSTER_FLAG_HELP = [
  '-n, --namespace NS     the namespace (default: that of the context)',
  '    --context NAME     the context of the kubeconfig (default: the current one)',
  '    --kubeconfig FILE  the kubeconfig (default: $KUBECONFIG, then ~/.kube/config)',
  DEBUG_LOG_HELP,
  '    --as USER          make every request for that user; --as-group GROUP (several times) for those groups',
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
  if (user === '' || groups.includes('')) throw new UsageError('--as and --as-group need a name');
  return user === undefined ? undefined : { user, groups };
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
