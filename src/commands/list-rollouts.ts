// `sluice list rollouts`: one line each, of one context or several; with -w a new line whenever one changes.

import type { KubeObject } from '../kinds/kube-object.js';
import { err, ok, type Result } from '../lib/result.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, type Flags, namespacesOf, readFlags } from './arguments.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { openRemote, verbLog } from './connect.js';
import { type Place, printRollouts } from './rollout-lines.js';

/** The failure is a sentence. */
async function placesOf(flags: Flags, contexts: readonly string[], io: CommandIo): Promise<Result<readonly Place[], string>> {
  const given = namespacesOf(flags);
  const name = flags.text('name');
  const named = ({ metadata }: KubeObject): boolean => name === undefined || metadata.name === name;
  const places: Place[] = [];
  const log = await verbLog(flags, io);
  for (const context of contexts.length === 0 ? [undefined] : contexts) {
    const opened = await openRemote(flags, io, context, log);
    if (!opened.ok) return err(opened.error);
    const cluster = opened.value;
    const namespaces = flags.on('all-namespaces') ? [undefined] : given.length === 0 ? [cluster.context.namespace] : given;
    places.push(...namespaces.map((namespace) => ({ cluster, namespace, named })));
  }
  return ok(places);
}

async function run(words: readonly string[], io: CommandIo): Promise<number> {
  const flags = readFlags(words, {
    ...CLUSTER_FLAGS,
    'all-namespaces': { type: 'boolean', short: 'A' },
    watch: { type: 'boolean', short: 'w' },
    name: { type: 'string' },
    timestamps: { type: 'boolean' },
  });
  if (flags.operands.length > 0) throw new UsageError(`list rollouts takes no name (get rollout ${flags.operands[0]} shows one)`);
  const contexts = [...new Set(flags.texts('context'))];
  const places = await placesOf(flags, contexts, io);
  if (!places.ok) {
    io.stderr(`Error: ${places.error}\n`);
    return 1;
  }
  const withNamespace = flags.on('all-namespaces') || namespacesOf(flags).length > 1;
  return printRollouts(places.value, { contexts, withNamespace, timestamps: flags.on('timestamps'), watch: flags.on('watch') }, io);
}

export const listRollouts: Command = {
  words: 'list rollouts',
  summary: 'List rollouts with their steps, weights and replicas.',
  operands: '',
  flags: [
    ...CLUSTER_FLAG_HELP,
    '                       (--context A --context B: of both, each line with its context; -n A,B: of both namespaces)',
    '-A, --all-namespaces     of all namespaces',
    '    --name NAME          only the one of this name',
    '-w, --watch              print a line whenever one changes',
    '    --timestamps         each line begins with the time',
  ],
  examples: ['sluice list rollouts -A', 'sluice list rollouts -n bookinfo -w', 'sluice list rollouts -A --context dev --context prod'],
  run,
};
