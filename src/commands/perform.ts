// Makes the changes of a verb, in order, and records who asked for them: in the audit log and, where the settings want that, as an
// Event on the rollout.

import { createAudit } from '../app/audit.js';
import { localIdentity } from '../app/identity.js';
import type { ClusterError } from '../cluster/cluster.js';
import { performChange } from '../cluster/perform.js';
import type { Change } from '../kinds/change.js';
import { COMMAND_MANAGER } from '../kinds/field-managers.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { REVISION } from '../kinds/labels.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { isRecord } from '../lib/deep.js';
import { ok, type Result } from '../lib/result.js';
import type { Flags } from './arguments.js';
import type { CommandIo } from './command.js';
import type { Target } from './connect.js';

export type Deed = {
  /** As the console names the same act: "rollout.promote". */
  readonly action: string;
  /** "promote shop/cart" */
  readonly words: string;
  /** What it is done to, as it was read. */
  readonly object: KubeObject;
};

/** What was there when it was asked: "Paused, step 2, generation 4". */
function sightOf(object: KubeObject): string {
  const { phase, currentStepIndex: index } = isRecord(object['status']) ? object['status'] : {};
  const step = typeof index === 'number' ? [`step ${index + 1}`] : [];
  return [typeof phase === 'string' ? phase : 'phase unknown', ...step, `generation ${object.metadata.generation ?? 0}`].join(', ');
}

async function performAll({ cluster }: Target, changes: readonly Change[]): Promise<Result<undefined, ClusterError>> {
  for (const change of changes) {
    const answer = await performChange(cluster, change, COMMAND_MANAGER);
    if (!answer.ok) return answer;
  }
  return ok(undefined);
}

export function performRecorded(target: Target, flags: Flags, io: CommandIo, changes: readonly Change[], deed: Deed): Promise<Result<undefined, ClusterError>> {
  return recorded(target, flags, io, changes, deed, () => performAll(target, changes));
}

/** Creates the object as it is, with fields that are not known refused; the answer is what the server has made of it. */
export function createRecorded(target: Target, flags: Flags, io: CommandIo, ref: ObjectRef, object: KubeObject): Promise<Result<KubeObject, ClusterError>> {
  const { singular } = ref.type;
  const name = object.metadata.name === '' ? `${object.metadata.generateName ?? ''}*` : object.metadata.name;
  const deed = { action: `${singular}.create`, words: `create ${singular} ${ref.namespace === '' ? '' : `${ref.namespace}/`}${name}`, object };
  const create = (): Promise<Result<KubeObject, ClusterError>> =>
    target.cluster.create(ref, object, { fieldManager: COMMAND_MANAGER, fieldValidation: 'Strict' });
  return recorded(target, flags, io, [{ type: 'create', ref, object, why: 'asked for' }], deed, create);
}

async function recorded<T>(
  target: Target,
  flags: Flags,
  io: CommandIo,
  changes: readonly Change[],
  deed: Deed,
  perform: () => Promise<Result<T, ClusterError>>,
): Promise<Result<T, ClusterError>> {
  const { cluster, settings } = target;
  const identity = localIdentity(io.environment, cluster.context.user);
  const audit = createAudit({
    environment: io.environment,
    via: 'command',
    identity: () => identity,
    cluster: () => cluster,
    onProblem: (text) => io.stderr(`sluice: ${text}\n`),
  });
  const done = await perform();
  const { metadata, kind } = deed.object;
  const revision = metadata.annotations?.[REVISION];
  const reason = flags.text('reason') ?? '';
  const about = {
    context: cluster.name,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    action: deed.action,
    words: deed.words,
    saw: sightOf(deed.object),
    ...(revision === undefined ? {} : { revision }),
    reason,
    // A reason is given for others to read, and an Event is about an object that is there.
    event: kind === 'Rollout' && metadata.uid !== undefined && (settings.events === 'all' || (settings.events === 'console' && reason !== '')),
  };
  const text = done.ok ? '' : `${done.error.reason}: ${done.error.message}`;
  audit.record({ about, at: io.clock.now(), outcome: done.ok ? 'taken' : 'refused', text, changes });
  await audit.settled();
  return done;
}
