// Notifications of one term of leading: settings that are watched, messages of events, conditions that are looked at. Nothing of it changes
// what the engine does with a rollout, or when.

import type { Cache } from '../../cluster/cache.js';
import type { Cluster } from '../../cluster/cluster.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { Note } from '../../kinds/change.js';
import { ANALYSIS_RUN, ROLLOUT } from '../../kinds/resource-type.js';
import { type Clock, sleep } from '../../lib/clock.js';
import type { Instant } from '../../lib/instant.js';
import type { Rng } from '../../lib/rng.js';
import type { Message } from '../../notifiers/conditions.js';
import type { Notifier } from '../../notifiers/notifier.js';
import { runsOfVersion } from '../../notifiers/runs.js';
import type { ServiceIo } from '../../notifiers/service.js';
import type { WorkFigures } from '../figures.js';
import type { Reconciler } from '../reconciler.js';
import { createConditionReconciler } from './condition-reconciler.js';
import { createOutbox, MOST_WAITING, type OutboxEntry } from './outbox.js';
import { type MakeNotifier, watchSettings } from './settings-watch.js';

export type NotificationOptions = {
  /** Of the controller: where the ConfigMap and the Secret are. */
  readonly namespace: string;
  readonly instanceId: string;
  readonly make: MakeNotifier;
  readonly io: ServiceIo;
};

export type Term = {
  readonly cluster: Cluster;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly figures?: WorkFigures | undefined;
  readonly log: (message: string) => void;
  /** False when another engine may be leading, whose messages these would be. */
  readonly leads: () => boolean;
};

export interface Notifications {
  readonly reconciler: Reconciler;
  /** An event about that object is being recorded. */
  readonly records: (about: KubeObject, note: Note) => void;
  /** What waits is sent if it can be within that time. */
  stop(limitMs: number): Promise<void>;
}

export type StartNotifications = (term: Term) => Notifications;

/** Sentences that are not said again before the settings change. */
const MOST_SAID = 500;
/** Of a figure: what a condition tells is no event. */
const CONDITION = 'Condition';

export function startNotifications(options: NotificationOptions, term: Term): Notifications {
  const { cache, clock, figures, log } = term;
  const stopping = new AbortController();
  const said = new Set<string>();
  const say = (problem: string): void => {
    if (said.has(problem) || said.size >= MOST_SAID) return;
    said.add(problem);
    log(`notifications: ${problem}`);
  };
  const settings = watchSettings({
    ...term,
    namespace: options.namespace,
    make: options.make,
    say,
    onChange() {
      said.clear();
      outbox.pump();
    },
  });

  const subjectOf = (rollout: KubeObject, now: Instant): Message['subject'] => ({
    rollout,
    analysisRuns: runsOfVersion(rollout, cache.ownedBy(ANALYSIS_RUN, rollout.metadata.uid ?? '')),
    now,
  });
  const send = async (notifier: Notifier, message: Message, why: Parameters<WorkFigures['sends']>[1], signal: AbortSignal): Promise<boolean> => {
    const { rollout } = message.subject;
    const counted = figures?.sends(rollout, why);
    const sent = await notifier.send(message, options.io, signal);
    counted?.(!sent.ok);
    const { namespace = '', name } = rollout.metadata;
    const { service, recipient } = message.destination;
    if (!sent.ok)
      log(
        `notifications: ${message.trigger} of rollout ${namespace}/${name} was not sent to ${service}${recipient === '' ? '' : `:${recipient}`}: ${sent.error}`,
      );
    return sent.ok;
  };
  const deliver = async ({ about, note, at }: OutboxEntry): Promise<void> => {
    const notifier = settings.current();
    if (notifier === undefined || notifier === 'unknown' || !term.leads() || !notifier.concerns(about)) return;
    const { found, problems } = notifier.ofEvent(subjectOf(about, at), note.reason);
    for (const problem of problems) say(`rollout ${about.metadata.namespace ?? ''}/${about.metadata.name}: ${problem}`);
    await Promise.all(found.map((message) => send(notifier, message, note, stopping.signal)));
  };
  let givenUp = 0;
  const outbox = createOutbox({
    held: () => settings.current() === 'unknown',
    deliver: (entry) =>
      deliver(entry).catch((fault: unknown) => log(`notifications: fault in the program: ${fault instanceof Error ? (fault.stack ?? '') : String(fault)}`)),
    givenUp({ about, note }) {
      givenUp += 1;
      // Each is counted, where it is known that somebody waits for it; what is said is only the first, and then each thousandth.
      const notifier = settings.current();
      if (notifier !== undefined && notifier !== 'unknown' && notifier.concerns(about)) figures?.sends(about, note)(true);
      if (givenUp % MOST_WAITING === 1)
        log(
          `notifications: ${note.reason} of ${about.metadata.namespace ?? ''}/${about.metadata.name} is given up: ${MOST_WAITING} wait already, or the engine ends`,
        );
    },
  });

  return {
    reconciler: createConditionReconciler({
      instanceId: options.instanceId,
      settings: settings.current,
      subjectOf,
      say,
      send: (notifier, message, signal) => send(notifier, message, { type: CONDITION, reason: message.trigger }, signal),
    }),
    records(about, note) {
      if (about.kind === ROLLOUT.kind && settings.current() !== undefined) outbox.add({ about, note, at: clock.now() });
    },
    async stop(limitMs) {
      settings.stop();
      const done = outbox.stop(!term.leads());
      const ended = new AbortController();
      await Promise.race([done, sleep(clock, limitMs, ended.signal)]);
      ended.abort();
      stopping.abort();
      void outbox.stop(true);
    },
  };
}
