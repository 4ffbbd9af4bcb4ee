// What a job says of itself: counts of its pods, and conditions on the way to its end.

import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { JOB } from '../kinds/resource-type.js';
import { deepEqual } from '../lib/deep.js';
import { formatTime, type Instant } from '../lib/instant.js';
import type { JobPods } from './job-pods.js';
import { mergeStatus, recordAt } from './world.js';

type Fields = Readonly<Record<string, unknown>>;

/** How the job will end, as soon as its last pod has. */
export type Verdict = { readonly type: 'SuccessCriteriaMet' | 'FailureTarget'; readonly reason: string; readonly message: string };

const END_OF = { SuccessCriteriaMet: 'Complete', FailureTarget: 'Failed' } as const;

const conditionsOf = (job: KubeObject): readonly Fields[] => {
  const { conditions } = recordAt(job, 'status');
  return Array.isArray(conditions) ? (conditions as Fields[]) : [];
};

const holds = (condition: Fields, type: string): boolean => condition['type'] === type && condition['status'] === 'True';

export const isEnd = (condition: Fields): boolean => Object.values(END_OF).some((type) => holds(condition, type));

/** The verdict that has been written down already. */
export function openVerdict(job: KubeObject): Verdict | undefined {
  const found = conditionsOf(job).find((condition) => Object.keys(END_OF).some((type) => holds(condition, type)));
  if (found === undefined) return undefined;
  return { type: found['type'] as Verdict['type'], reason: String(found['reason']), message: String(found['message']) };
}

export type Counts = {
  readonly succeeded: number;
  readonly failed: number;
  /** Uids of pods that have ended, and are not in the written counts yet. */
  readonly uncounted: { readonly succeeded: readonly string[]; readonly failed: readonly string[] };
};

const uidsOf = (pods: readonly KubeObject[]): readonly string[] => pods.map((pod) => pod.metadata.uid ?? '');

/** All that have ended. Those noted before whose finalizer is gone enter the written count now. */
export function countsOf(job: KubeObject, pods: JobPods): Counts {
  const status = recordAt(job, 'status');
  const noted = recordAt(status, 'uncountedTerminatedPods');
  const listed = (key: 'succeeded' | 'failed'): readonly string[] => (Array.isArray(noted[key]) ? (noted[key] as string[]) : []);
  const known = new Set([...listed('succeeded'), ...listed('failed')]);
  const held = new Set([...uidsOf(pods.succeeded), ...uidsOf(pods.failed)]);
  const left = (key: 'succeeded' | 'failed'): readonly string[] => [
    ...listed(key).filter((uid) => held.has(uid)),
    ...uidsOf(pods[key]).filter((uid) => !known.has(uid)),
  ];
  const total = (key: 'succeeded' | 'failed'): number => Number(status[key] ?? 0) + listed(key).length + left(key).filter((uid) => !known.has(uid)).length;
  return { succeeded: total('succeeded'), failed: total('failed'), uncounted: { succeeded: left('succeeded'), failed: left('failed') } };
}

type Look = { readonly pods: JobPods; readonly counts: Counts; readonly verdict: Verdict | undefined; readonly isLast: boolean };

/** The whole status as it should be; what is undefined should not be there. */
export function jobStatus(job: KubeObject, { pods, counts, verdict, isLast }: Look, now: Instant): Fields {
  const suspended = recordAt(job, 'spec')['suspend'] === true;
  const before = recordAt(job, 'status');
  const was = conditionsOf(job).some((one) => holds(one, 'Suspended'));
  const { uncounted } = counts;
  return {
    active: pods.active.length || undefined,
    ready: pods.ready,
    terminating: pods.terminating.length,
    succeeded: counts.succeeded - uncounted.succeeded.length || undefined,
    failed: counts.failed - uncounted.failed.length || undefined,
    uncountedTerminatedPods: Object.fromEntries(Object.entries(uncounted).filter(([, uids]) => uids.length > 0)),
    startTime: suspended && verdict === undefined ? undefined : was ? formatTime(now) : (before['startTime'] ?? formatTime(now)),
    completionTime: isLast && verdict?.type === 'SuccessCriteriaMet' ? formatTime(now) : before['completionTime'],
    conditions: nextConditions(job, { suspended, was, verdict, isLast }, now),
  };
}

type Turn = { readonly suspended: boolean; readonly was: boolean; readonly verdict: Verdict | undefined; readonly isLast: boolean };

function nextConditions(job: KubeObject, { suspended, was, verdict, isLast }: Turn, now: Instant): readonly Fields[] | undefined {
  const time = { lastProbeTime: formatTime(now), lastTransitionTime: formatTime(now) };
  const make = (type: string, reason: string, message: string, status = 'True'): Fields => ({ type, status, ...time, reason, message });
  const before = conditionsOf(job);
  const added: Fields[] = [];
  if (verdict === undefined && suspended && !was) added.push(make('Suspended', 'JobSuspended', 'Job suspended'));
  if (verdict === undefined && !suspended && was) added.push(make('Suspended', 'JobResumed', 'Job resumed', 'False'));
  if (verdict !== undefined && !before.some((one) => holds(one, verdict.type))) added.push(make(verdict.type, verdict.reason, verdict.message));
  if (verdict !== undefined && isLast) added.push(make(END_OF[verdict.type], verdict.reason, verdict.message));
  const all = [...before.filter((one) => !added.some((other) => other['type'] === one['type'])), ...added];
  return all.length === 0 ? undefined : all;
}

/** A merge patch of what differs. */
export function writeStatus(job: KubeObject, wanted: Fields): readonly Change[] {
  const status = recordAt(job, 'status');
  const changed = Object.entries(wanted).filter(([key, value]) => !deepEqual(status[key], value));
  if (changed.length === 0) return [];
  const gone = Object.fromEntries(Object.keys(recordAt(status, 'uncountedTerminatedPods')).map((key) => [key, null]));
  const body = Object.fromEntries(
    changed.map(([key, value]) => [key, key === 'uncountedTerminatedPods' ? { ...gone, ...(value as Fields) } : (value ?? null)]),
  );
  return [mergeStatus(JOB, job, body, 'count pods of the job')];
}
