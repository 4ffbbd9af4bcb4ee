// A rollout or an experiment with all that belongs to it, as text: once, or redrawn as it changes.

import type { Cluster } from '../cluster/cluster.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { ANALYSIS_RUN, EXPERIMENT, POD, REPLICA_SET, type ResourceType, ROLLOUT } from '../kinds/resource-type.js';
import type { Instant } from '../lib/instant.js';
import { type Flags, type FlagSpec } from './arguments.js';
import { type CommandIo, UsageError } from './command.js';
import { errorText, type Target } from './connect.js';
import { experimentText } from './experiment-text.js';
import { follow } from './follow.js';
import { coloured, type Paint, plain, rolloutText } from './rollout-tree.js';

/** Between two drawings while watching. */
const REDRAW_MS = 200;

/** Ages are drawn anew this often although nothing changed. */
const LONGEST_STILL_MS = 1000;

const CLEAR_SCREEN = '\u001b[H\u001b[2J';

type Lister = (type: ResourceType) => readonly KubeObject[];

/** A kind that has a tree. */
export type TreeKind = {
  readonly type: ResourceType;
  /** The kinds of what belongs to it. */
  readonly parts: readonly ResourceType[];
  text(object: KubeObject, list: Lister, now: Instant, paint: Paint): string;
};

const objectsOf = (list: Lister): { replicaSets: readonly KubeObject[]; pods: readonly KubeObject[]; analysisRuns: readonly KubeObject[] } => ({
  replicaSets: list(REPLICA_SET),
  pods: list(POD),
  analysisRuns: list(ANALYSIS_RUN),
});

export const ROLLOUT_TREE: TreeKind = {
  type: ROLLOUT,
  parts: [REPLICA_SET, POD, ANALYSIS_RUN, EXPERIMENT],
  text: (rollout, list, now, paint) => rolloutText({ rollout, ...objectsOf(list), experiments: list(EXPERIMENT) }, now, paint),
};

export const EXPERIMENT_TREE: TreeKind = {
  type: EXPERIMENT,
  parts: [REPLICA_SET, POD, ANALYSIS_RUN],
  text: (experiment, list, now, paint) => experimentText(experiment, objectsOf(list), now, paint),
};

export const TREE_FLAGS = {
  watch: { type: 'boolean', short: 'w' },
  'no-color': { type: 'boolean' },
  'timeout-seconds': { type: 'string' },
} as const satisfies FlagSpec;

export const TREE_FLAG_HELP = [
  '-w, --watch              redraw as it changes',
  '    --timeout-seconds N  stop watching after so long, and fail',
  '    --no-color           no colours',
];

const paintOf = (flags: Flags, io: CommandIo): Paint => (io.colour && !flags.on('no-color') ? coloured : plain);

/** Undefined: as long as it takes. */
export function watchLimitMs(flags: Flags): number | undefined {
  const text = flags.text('timeout-seconds') ?? '0';
  if (!/^\d+$/.test(text)) throw new UsageError(`--timeout-seconds must be a whole number of seconds, not "${text}"`);
  return Number(text) === 0 ? undefined : Number(text) * 1000;
}

export const notFoundText = ({ type }: TreeKind, name: string): string => `${type.singular}.${type.group} "${name}" not found`;

/** One drawing of the object as it was read. */
export async function drawTree(kind: TreeKind, object: KubeObject, cluster: Cluster, namespace: string, flags: Flags, io: CommandIo): Promise<string> {
  const lists = await Promise.all(kind.parts.map(async (type) => [type, await cluster.list(type, { namespace })] as const));
  const objects = new Map(lists.map(([type, list]) => [type, list.ok ? list.value.items : []]));
  return kind.text(object, (type) => objects.get(type) ?? [], io.clock.now(), paintOf(flags, io));
}

/** Until the signal; the exit code is 1 when the time that the flags give is over before it. */
export async function watchTree(kind: TreeKind, { cluster, namespace }: Target, name: string, flags: Flags, io: CommandIo): Promise<number> {
  const limitMs = watchLimitMs(flags);
  const endAt = io.clock.now() + (limitMs ?? Number.POSITIVE_INFINITY);
  const following = follow(cluster, namespace, [kind.type, ...kind.parts], io.clock, io.signal);
  try {
    const problem = await following.ready();
    if (problem !== undefined) {
      io.stderr(`Error: ${errorText(problem)}\n`);
      return 1;
    }
    let last = '';
    while (!io.signal.aborted && io.clock.now() < endAt) {
      const { cache } = following;
      const object = cache.get({ type: kind.type, namespace, name });
      const list: Lister = (type) => cache.list(type, namespace);
      const text = object === undefined ? notFoundText(kind, name) : kind.text(object, list, io.clock.now(), paintOf(flags, io));
      if (text !== last) io.stdout(`${io.colour ? CLEAR_SCREEN : ''}${text}\n`);
      last = text;
      await following.changed(Math.min(LONGEST_STILL_MS, endAt - io.clock.now()));
      await new Promise<void>((resolve) => {
        io.clock.after(REDRAW_MS, resolve);
      });
    }
    if (io.signal.aborted) return 0;
    io.stderr(`Error: ${kind.type.singular} "${name}" was watched for ${flags.text('timeout-seconds')} s, as --timeout-seconds says\n`);
    return 1;
  } finally {
    following.stop();
  }
}
