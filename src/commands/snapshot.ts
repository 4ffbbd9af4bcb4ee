// `sluice snapshot`: one rollout for a chat or a ticket, as the key S writes it; or several, or all, as a hand-over note.

import { buildBoard, joinBoards } from '../console/board.js';
import { NO_DRIFTS } from '../console/drift.js';
import { handoverText } from '../console/handover-text.js';
import type { Watched } from '../console/model.js';
import { snapshotText, withoutMarks } from '../console/snapshot-text.js';
import type { Snapshot } from '../kinds/snapshot.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, type Flags, namespacesOf, oneOf, readFlags } from './arguments.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { openRemote, verbLog } from './connect.js';
import { readRollouts } from './read-world.js';

type Read = { readonly snapshots: readonly Snapshot[]; readonly unread: readonly { readonly cluster: string; readonly reason: string }[] };

/** Of several contexts, one that does not answer is told in the note: the others are handed over. */
async function readContexts(flags: Flags, io: CommandIo): Promise<Read> {
  const contexts = [...new Set(flags.texts('context'))];
  const log = await verbLog(flags, io);
  const read = await Promise.all(
    (contexts.length === 0 ? [undefined] : contexts).map(async (context) => {
      const opened = await openRemote(flags, io, context, log);
      if (!opened.ok) return { cluster: context ?? '', reason: opened.error };
      const cluster = opened.value;
      const given = namespacesOf(flags);
      const namespaces = flags.on('all-namespaces') ? [undefined] : given.length === 0 ? [cluster.context.namespace] : given;
      const snapshot = await readRollouts(cluster, namespaces, flags.operands, io);
      cluster.close();
      return snapshot.ok ? snapshot.value : { cluster: cluster.name, reason: snapshot.error };
    }),
  );
  return {
    snapshots: read.filter((each): each is Snapshot => 'rollouts' in each),
    unread: read.filter((each): each is Read['unread'][number] => 'reason' in each),
  };
}

function watchedFrom(snapshots: readonly Snapshot[]): ReadonlyMap<string, Watched> {
  return new Map(snapshots.map((snapshot) => [snapshot.context, { snapshot, board: buildBoard(snapshot), drifts: NO_DRIFTS }]));
}

/** Each rollout in full, as the key S writes it. */
function wholeTexts(clusters: ReadonlyMap<string, Watched>, now: number): readonly string[] {
  return [...clusters.values()].flatMap(({ snapshot, board }) => {
    const { driver, events, context, skewMs = 0 } = snapshot;
    return board.all.map((facts) => snapshotText({ facts, index: board.index, driver, events, context, fresh: true, now: now + skewMs }));
  });
}

function noteText(flags: Flags, { unread }: Read, clusters: ReadonlyMap<string, Watched>, now: number): string {
  const { operands } = flags;
  const board = joinBoards(new Map([...clusters].map(([cluster, watched]) => [cluster, watched.board])));
  const places = new Set([...clusters.values()].flatMap(({ snapshot }) => snapshot.namespaces?.names ?? []));
  const of = operands.length > 0 ? operands.join(', ') : places.size === 0 ? 'all rollouts' : `rollouts in ${[...places].join(', ')}`;
  const note = handoverText({ clusters, board, now, utcOffsetMinutes: 0, of, unread });
  return operands.length === 0 ? note : [note, ...wholeTexts(clusters, now)].join('\n');
}

async function run(words: readonly string[], io: CommandIo): Promise<number> {
  const flags = readFlags(words, { ...CLUSTER_FLAGS, 'all-namespaces': { type: 'boolean', short: 'A' }, output: { type: 'string', short: 'o' } });
  const form = oneOf(flags, 'output', ['markdown', 'text'], 'markdown');
  const named = new Set(flags.operands);
  if (named.has('')) throw new UsageError('the name of a rollout is missing');
  if (named.size < flags.operands.length) throw new UsageError(`one name is given twice: ${flags.operands.join(' ')}`);
  const read = await readContexts(flags, io);
  for (const { cluster, reason } of read.unread) io.stderr(`Error: ${flags.texts('context').length > 1 ? `${cluster}: ` : ''}${reason}\n`);
  if (read.snapshots.length === 0) return 1;
  const clusters = watchedFrom(read.snapshots);
  const now = io.clock.now();
  const whole = named.size === 1 ? wholeTexts(clusters, now) : [];
  const text = whole.length === 1 ? whole.join('') : noteText(flags, read, clusters, now);
  io.stdout(form === 'text' ? withoutMarks(text) : text);
  return read.unread.length > 0 ? 1 : 0;
}

export const snapshot: Command = {
  words: 'snapshot',
  summary:
    'Write what there is to know of a rollout, for a chat: state, why, numbers, timeline, what can be done. Of several, or with no name of all ' +
    'of the namespace, a hand-over note: what waits for a person and since when, what moves, who did what lately.',
  operands: '[NAME...]',
  flags: [
    ...CLUSTER_FLAG_HELP,
    '                       (--context A --context B: of both; -n A,B: of both namespaces)',
    '-A, --all-namespaces     of all namespaces',
    '-o, --output FORMAT    markdown or text (default: markdown)',
  ],
  examples: [
    'sluice snapshot reviews-rollout -n bookinfo',
    'sluice snapshot myapp -o text | mail -s "myapp" oncall',
    'sluice snapshot -A --context dev --context prod > handover.md',
  ],
  run,
};
