// `sluice list rollouts`: one line each, of one context or several; with -w a new line whenever one changes.

import type { RemoteCluster } from '../cluster/remote.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { ROLLOUT } from '../kinds/resource-type.js';
import { err, ok, type Result } from '../lib/result.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, type Flags, namespacesOf, readFlags } from './arguments.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { errorText, openRemote, verbLog } from './connect.js';
import { follow } from './follow.js';
import { headingLine, listLayout, type ListLayout, rolloutLine, stamped } from './rollout-list.js';

/** A watch looks for lines that changed at least this often. */
const LONGEST_STILL_MS = 5000;

/** A namespace of a cluster, or all of them; and of its rollouts all, or those of one name. */
type Place = { readonly cluster: RemoteCluster; readonly namespace: string | undefined; named(rollout: KubeObject): boolean };
type Listed = Place & { readonly rollouts: readonly KubeObject[]; readonly problem: string | undefined };

/** What each rollout's line said last. */
type Printed = { readonly layout: ListLayout; readonly lines: Map<string, string> };

const inOrder = (rollouts: readonly KubeObject[]): KubeObject[] =>
  rollouts.toSorted((a, b) => `${a.metadata.namespace}/${a.metadata.name}`.localeCompare(`${b.metadata.namespace}/${b.metadata.name}`));

const keyOf = ({ cluster }: Place, { metadata }: KubeObject): string => `${cluster.name} ${metadata.uid ?? metadata.name}`;

async function watch(place: Place, { layout, lines }: Printed, io: CommandIo): Promise<void> {
  const following = follow(place.cluster, place.namespace, [ROLLOUT], io.clock, io.signal);
  while (!io.signal.aborted) {
    for (const rollout of inOrder(following.cache.list(ROLLOUT).filter(place.named))) {
      const key = keyOf(place, rollout);
      const line = rolloutLine(rollout, place.cluster.name, layout);
      if (lines.get(key) !== line) io.stdout(`${stamped(line, layout, io.clock.now())}\n`);
      lines.set(key, line);
    }
    await following.changed(LONGEST_STILL_MS);
  }
  following.stop();
}

async function list(place: Place, several: boolean): Promise<Listed> {
  const answer = await place.cluster.list(ROLLOUT, place.namespace === undefined ? {} : { namespace: place.namespace });
  if (answer.ok) return { ...place, rollouts: inOrder(answer.value.items.filter(place.named)), problem: undefined };
  return { ...place, rollouts: [], problem: `${several ? `${place.cluster.name}: ` : ''}${errorText(answer.error)}` };
}

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
  const listed = places.ok ? await Promise.all(places.value.map((place) => list(place, contexts.length > 1))) : [];
  const problems = places.ok ? listed.flatMap(({ problem }) => (problem === undefined ? [] : [problem])) : [places.error];
  for (const problem of problems) io.stderr(`Error: ${problem}\n`);
  // Of several, those that do not answer are told; the others are shown.
  if (problems.length > 0 && problems.length >= listed.length) return 1;
  const code = problems.length > 0 ? 1 : 0;
  const rollouts = listed.flatMap((each) => each.rollouts);
  if (rollouts.length === 0 && !flags.on('watch')) {
    io.stderr('No resources found.\n');
    return code;
  }
  const withNamespace = flags.on('all-namespaces') || namespacesOf(flags).length > 1;
  const layout = listLayout(rollouts, { withNamespace, timestamps: flags.on('timestamps'), contexts });
  const lines = listed.flatMap((place) => place.rollouts.map((rollout) => [keyOf(place, rollout), rolloutLine(rollout, place.cluster.name, layout)] as const));
  const now = io.clock.now();
  io.stdout(`${[headingLine(layout), ...lines.map(([, line]) => stamped(line, layout, now))].join('\n')}\n`);
  if (flags.on('watch')) await Promise.all(listed.map((place) => watch(place, { layout, lines: new Map(lines) }, io)));
  return code;
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
