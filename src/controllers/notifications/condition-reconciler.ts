// A pass for one rollout whose change is looked at by the conditions of its triggers: tells what is due, then remembers it on the rollout.
// It has passes and workers of its own: the rollout's own passes wait for none of this.

import type { KubeObject } from '../../kinds/kube-object.js';
import { NOTIFIED } from '../../kinds/labels.js';
import { type ObjectRef, refKey } from '../../kinds/object-ref.js';
import { ROLLOUT } from '../../kinds/resource-type.js';
import type { Instant } from '../../lib/instant.js';
import type { ConditionReport, Message } from '../../notifiers/conditions.js';
import type { Notifier } from '../../notifiers/notifier.js';
import { toldAt, toldText } from '../../notifiers/told.js';
import { retryAfter } from '../controller.js';
import { OUTDATED } from '../apply.js';
import { instanceOf } from '../instance.js';
import type { ControllerIo, Outcome, Reconciler } from '../reconciler.js';

const WORKERS = 4;
/** How soon a pass looks whether the settings are known by now. */
const SETTINGS_WAIT_MS = 2000;
/** A message that could not be sent is tried again no sooner, whatever changes meanwhile. */
const RETRY_MS = 60_000;
/** Failures that are remembered; with more, the oldest are tried again sooner. */
const MOST_FAILURES = 5000;

export type ConditionOptions = {
  readonly instanceId: string;
  readonly settings: () => Notifier | undefined | 'unknown';
  readonly subjectOf: (rollout: KubeObject, now: Instant) => Message['subject'];
  readonly say: (problem: string) => void;
  /** True when it has been sent. */
  readonly send: (notifier: Notifier, message: Message, signal: AbortSignal) => Promise<boolean>;
};

export function createConditionReconciler(options: ConditionOptions): Reconciler {
  const failedAt = new Map<string, Instant>();
  return {
    name: 'notification',
    type: ROLLOUT,
    watches: [],
    uncounted: true,
    workers: WORKERS,
    reconcile: (key, io, signal) => reconcile(key, io, signal, failedAt, options),
  };
}

async function reconcile(key: ObjectRef, io: ControllerIo, signal: AbortSignal, failedAt: Map<string, Instant>, options: ConditionOptions): Promise<Outcome> {
  const rollout = io.cache.get(key);
  if (rollout === undefined || rollout.metadata.deletionTimestamp !== undefined || instanceOf(rollout) !== options.instanceId) return { type: 'done' };
  const notifier = options.settings();
  if (notifier === 'unknown') return { type: 'at', wakeAt: io.now() + SETTINGS_WAIT_MS };
  if (notifier?.concerns(rollout) !== true) return { type: 'done' };
  const { found, problems } = notifier.ofConditions(options.subjectOf(rollout, io.now()));
  for (const problem of problems) options.say(`rollout ${key.namespace}/${key.name}: ${problem}`);
  const told = new Map(found.told);
  let retryAt: Instant | undefined;
  for (const { key: what, message } of found.due) {
    const failure = `${refKey(key)} ${what}`;
    const again = (failedAt.get(failure) ?? -Infinity) + RETRY_MS;
    if (again <= io.now() && !signal.aborted && (await options.send(notifier, message, signal))) {
      failedAt.delete(failure);
      told.set(what, toldAt(io.now()));
      continue;
    }
    if (again <= io.now()) remember(failedAt, failure, io.now());
    retryAt = Math.min(retryAt ?? Infinity, (failedAt.get(failure) ?? io.now()) + RETRY_MS);
  }
  const written = await write(key, io, told, found);
  if (written !== undefined) return written;
  return retryAt === undefined ? { type: 'done' } : { type: 'at', wakeAt: retryAt };
}

function remember(failedAt: Map<string, Instant>, failure: string, now: Instant): void {
  failedAt.delete(failure);
  failedAt.set(failure, now);
  const [oldest] = failedAt.keys();
  if (failedAt.size > MOST_FAILURES && oldest !== undefined) failedAt.delete(oldest);
}

/** The outcome when it could not be written. */
async function write(key: ObjectRef, io: ControllerIo, told: ReadonlyMap<string, number>, found: ConditionReport): Promise<Outcome | undefined> {
  if (!found.changed && told.size === found.told.size) return undefined;
  const change = {
    type: 'patch',
    ref: key,
    patchType: 'merge',
    body: { metadata: { annotations: { [NOTIFIED]: toldText(told) } } },
    why: 'remember what has been told',
  } as const;
  const answer = await io.apply(change);
  return answer.ok || answer.error === OUTDATED || answer.error.code === 404 ? undefined : retryAfter(change, answer.error);
}
