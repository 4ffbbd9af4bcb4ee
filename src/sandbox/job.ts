// The Job controller: keeps as many pods as a job may have at one time until enough have succeeded or too many have failed.

import { controllerOf, type KubeObject } from '../kinds/kube-object.js';
import type { Change } from '../kinds/change.js';
import { isPodReady, podOf } from '../kinds/pod.js';
import { refOf } from '../kinds/object-ref.js';
import { JOB, POD } from '../kinds/resource-type.js';
import { deepEqual } from '../lib/deep.js';
import { formatTime, parseTime, type Instant } from '../lib/instant.js';
import type { Rng } from '../lib/rng.js';
import { announce, earlier, mergeStatus, NOTHING, recordAt } from './world.js';
import type { Announcement, Step, World } from './world.js';

const LONGEST_NAME_BASE = 57;
const DEFAULT_BACKOFF_LIMIT = 6;

type Counts = { readonly active: readonly KubeObject[]; readonly succeeded: number; readonly failed: number; readonly ready: number };

const whole = (holder: Readonly<Record<string, unknown>>, key: string): number | undefined => (typeof holder[key] === 'number' ? holder[key] : undefined);

const conditionsOf = (job: KubeObject): readonly Record<string, unknown>[] => {
  const { conditions } = recordAt(job, 'status');
  return Array.isArray(conditions) ? (conditions as Record<string, unknown>[]) : [];
};

const holds = (job: KubeObject, type: string): boolean => conditionsOf(job).some((condition) => condition['type'] === type && condition['status'] === 'True');

export function stepJob(world: World, job: KubeObject, now: Instant, rng: Rng): Step {
  if (job.metadata.deletionTimestamp !== undefined) return NOTHING;
  if (holds(job, 'Complete') || holds(job, 'Failed')) return ended(job, now);
  const spec = recordAt(job, 'spec');
  const counts = countPods(world, job);
  const verdict = judge(job, spec, counts, now);
  if (verdict !== undefined) return finish(job, counts, verdict, now);
  if (spec['suspend'] === true) {
    const suspended = condition('Suspended', 'JobSuspended', 'Job suspended', now);
    return {
      ...NOTHING,
      changes: [...counts.active.map((pod) => deletion(pod)), ...writeStatus(job, counts, holds(job, 'Suspended') ? {} : { conditions: [suspended] })],
    };
  }
  const parallelism = whole(spec, 'parallelism') ?? 1;
  const left = whole(spec, 'completions') === undefined ? parallelism : (whole(spec, 'completions') ?? 0) - counts.succeeded;
  // Without a number of completions the first success stops the making of further pods.
  const wanted = whole(spec, 'completions') === undefined && counts.succeeded > 0 ? 0 : Math.min(parallelism, left);
  const made = createPods(job, Math.max(0, wanted - counts.active.length), rng);
  const startTime = recordAt(job, 'status')['startTime'] === undefined ? { startTime: formatTime(now) } : {};
  return { ...NOTHING, changes: [...made.changes, ...writeStatus(job, counts, startTime)], notes: made.notes, wakeAt: deadlineOf(job, spec) };
}

/** A job that has ended lives as long as it was told to. */
function ended(job: KubeObject, now: Instant): Step {
  const ttl = whole(recordAt(job, 'spec'), 'ttlSecondsAfterFinished');
  const last = conditionsOf(job)
    .map((one) => parseTime(String(one['lastTransitionTime'])))
    .reduce((a, b) => (a === undefined || (b ?? 0) > a ? b : a), undefined);
  if (ttl === undefined || last === undefined) return NOTHING;
  const dueAt = last + ttl * 1000;
  if (dueAt > now) return { ...NOTHING, wakeAt: dueAt };
  const uid = job.metadata.uid === undefined ? {} : { uid: job.metadata.uid };
  return { ...NOTHING, changes: [{ type: 'delete', ref: refOf(JOB, job), ...uid, propagation: 'Background', why: 'time to live' }] };
}

function countPods(world: World, job: KubeObject): Counts {
  const pods = world.list(POD, job.metadata.namespace ?? '').filter((pod) => controllerOf(pod)?.uid === job.metadata.uid);
  const inPhase = (phase: string): readonly KubeObject[] => pods.filter((pod) => podOf(pod).status?.phase === phase);
  const active = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && !['Succeeded', 'Failed'].includes(podOf(pod).status?.phase ?? ''));
  return { active, succeeded: inPhase('Succeeded').length, failed: inPhase('Failed').length, ready: active.filter((pod) => isPodReady(podOf(pod))).length };
}

function deadlineOf(job: KubeObject, spec: Readonly<Record<string, unknown>>): Instant | undefined {
  const seconds = whole(spec, 'activeDeadlineSeconds');
  const { startTime } = recordAt(job, 'status');
  const start = typeof startTime === 'string' ? parseTime(startTime) : undefined;
  return seconds === undefined || start === undefined ? undefined : start + seconds * 1000;
}

type Verdict = { readonly type: 'Complete' | 'Failed'; readonly reason: string; readonly message: string };

function judge(job: KubeObject, spec: Readonly<Record<string, unknown>>, counts: Counts, now: Instant): Verdict | undefined {
  const completions = whole(spec, 'completions');
  const done = completions === undefined ? counts.succeeded > 0 && counts.active.length === 0 : counts.succeeded >= completions;
  if (done) return { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
  const retries = counts.active.reduce(
    (sum, pod) => sum + (podOf(pod).status?.containerStatuses ?? []).reduce((all, status) => all + status.restartCount, 0),
    0,
  );
  const exhausted = counts.failed + retries > (whole(spec, 'backoffLimit') ?? DEFAULT_BACKOFF_LIMIT);
  if (exhausted) return { type: 'Failed', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  const deadline = earlier(deadlineOf(job, spec), undefined);
  if (deadline !== undefined && now >= deadline)
    return { type: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  return undefined;
}

const condition = (type: string, reason: string, message: string, now: Instant): Record<string, unknown> => ({
  type,
  status: 'True',
  lastProbeTime: formatTime(now),
  lastTransitionTime: formatTime(now),
  reason,
  message,
});

function finish(job: KubeObject, counts: Counts, { type, reason, message }: Verdict, now: Instant): Step {
  const criteria = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  const conditions = [condition(criteria, reason, message, now), condition(type, reason, message, now)];
  const more = { conditions, ...(type === 'Complete' ? { completionTime: formatTime(now) } : {}) };
  const note =
    type === 'Complete' ? announce('job-controller', job, 'Completed', 'Job completed') : announce('job-controller', job, reason, message, 'Warning');
  return { ...NOTHING, changes: [...counts.active.map((pod) => deletion(pod)), ...writeStatus(job, { ...counts, active: [], ready: 0 }, more)], notes: [note] };
}

const deletion = (pod: KubeObject): Change => ({
  type: 'delete',
  ref: refOf(POD, pod),
  ...(pod.metadata.uid === undefined ? {} : { uid: pod.metadata.uid }),
  why: 'job',
});

/** Counts of nought are left out, but for the ready ones. */
function writeStatus(job: KubeObject, counts: Counts, more: Readonly<Record<string, unknown>>): readonly Change[] {
  const status = recordAt(job, 'status');
  const wanted: Record<string, unknown> = {
    active: counts.active.length || null,
    succeeded: counts.succeeded || null,
    failed: counts.failed || null,
    ready: counts.ready,
    terminating: 0,
    uncountedTerminatedPods: {},
    ...more,
  };
  const same = Object.entries(wanted).every(([key, value]) => deepEqual(status[key] ?? null, value));
  return same ? [] : [mergeStatus(JOB, job, wanted, 'count pods of the job')];
}

function createPods(job: KubeObject, count: number, rng: Rng): { readonly changes: readonly Change[]; readonly notes: readonly Announcement[] } {
  const { name: jobName, namespace = '', uid } = job.metadata;
  const template = recordAt(job, 'spec', 'template');
  const { labels, annotations } = recordAt(template, 'metadata');
  const names = [...new Set(Array.from({ length: count }, () => `${jobName.slice(0, LONGEST_NAME_BASE)}-${rng.suffix(5)}`))];
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name: jobName, uid, controller: true, blockOwnerDeletion: true };
  const changes = names.map((name): Change => {
    const told = { ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) };
    const metadata = { name, generateName: `${jobName}-`, namespace, ...told, ownerReferences: [owner] };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: template['spec'] ?? { containers: [] } } as unknown as KubeObject;
    return { type: 'create', ref: { type: POD, namespace, name }, object: pod, why: 'job' };
  });
  return { changes, notes: names.map((name) => announce('job-controller', job, 'SuccessfulCreate', `Created pod: ${name}`)) };
}
