// `sluice undo NAME`: the pod template of an earlier revision again, as a new release.

import { undo as undoRollout } from '../decide/rollout/template-commands.js';
import { REPLICA_SET } from '../kinds/resource-type.js';
import { replicaSetOf } from '../kinds/replica-set.js';
import { err, ok, type Result } from '../lib/result.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, type Flags, oneOperand, readFlags } from './arguments.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { connect, errorText, type Target } from './connect.js';
import { performRecorded } from './perform.js';
import { isOwnedBy } from './rollout-info.js';
import { ACT_FLAG_HELP, ACT_FLAGS } from './setting-flags.js';
import { readRolloutAndWorkload } from './workload.js';

/** The line to print. */
async function bringBack(target: Target, name: string, revision: number | undefined, flags: Flags, io: CommandIo): Promise<Result<string, string>> {
  const read = await readRolloutAndWorkload(target, name);
  if (!read.ok) return read;
  const { rollout, workload } = read.value;
  const sets = await target.cluster.list(REPLICA_SET, { namespace: target.namespace });
  if (!sets.ok) return err(errorText(sets.error));
  const own = sets.value.items.filter((set) => isOwnedBy(set, rollout)).map(replicaSetOf);
  const commanded = undoRollout(rollout, workload, own, revision, 'plain');
  if ('type' in commanded) return commanded.type === 'refusal' ? err(commanded.reason) : ok(commanded.reason);
  const words = `undo ${target.namespace}/${name} to ${revision === undefined ? 'the revision before' : `revision ${revision}`}`;
  const done = await performRecorded(target, flags, io, commanded, { action: 'rollout.undo', words, object: rollout });
  if (!done.ok) return err(errorText(done.error));
  return ok(`rollout '${name}' undo`);
}

export const undo: Command = {
  words: 'undo',
  summary: 'Bring back the pod template of an earlier revision (the one before, or a chosen one).',
  operands: 'NAME',
  flags: [...CLUSTER_FLAG_HELP, '    --to-revision N      the revision to bring back (default: the one before)', ...ACT_FLAG_HELP],
  examples: ['sluice undo myapp', 'sluice undo myapp --to-revision 3'],
  async run(words, io) {
    const flags = readFlags(words, { ...CLUSTER_FLAGS, ...ACT_FLAGS, 'to-revision': { type: 'string' } });
    const name = oneOperand(flags, 'the name of a rollout');
    const text = flags.text('to-revision');
    if (text !== undefined && !/^\d+$/.test(text)) throw new UsageError(`--to-revision must be a number, not "${text}"`);
    const revision = text === undefined || text === '0' ? undefined : Number(text);
    const target = await connect(flags, io);
    const done = target.ok ? await bringBack(target.value, name, revision, flags, io) : target;
    if (!done.ok) {
      io.stderr(`Error: ${done.error}\n`);
      return 1;
    }
    io.stdout(`${done.value}\n`);
    return 0;
  },
};
