// The Job controller: keeps as many pods as a job may have at one time until enough have succeeded or too many have failed.
// A pod is counted in three writes (its uid noted, its finalizer taken away, the count raised), so that none is counted twice or missed.

import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { refOf } from '../kinds/object-ref.js';
import { JOB } from '../kinds/resource-type.js';
import { parseTime, type Instant } from '../lib/instant.js';
import type { Rng } from '../lib/rng.js';
import { createPods, deletePods, podsOfJob, release } from './job-pods.js';
import type { JobPods } from './job-pods.js';
import { countsOf, isEnd, jobStatus, openVerdict, writeStatus } from './job-status.js';
import type { Counts, Verdict } from './job-status.js';
import { announce, earlier, NOTHING, recordAt } from './world.js';
import type { Announcement, Step, World } from './world.js';

const DEFAULT_BACKOFF_LIMIT = 6;

type Move = { readonly changes: readonly Change[]; readonly notes: readonly Announcement[]; readonly wakeAt?: Instant | undefined };

const STAY: Move = { changes: [], notes: [] };

const specOf = (job: KubeObject): Readonly<Record<string, unknown>> => recordAt(job, 'spec');

const whole = (job: KubeObject, key: string): number | undefined => {
  const value = specOf(job)[key];
  return typeof value === 'number' ? value : undefined;
};

export function stepJob(world: World, job: KubeObject, now: Instant, rng: Rng): Step {
  const pods = podsOfJob(world, job);
  const leaving = release([...pods.succeeded, ...pods.failed]);
  // What is over counts no more: its pods are only let go.
  if (job.metadata.deletionTimestamp !== undefined) return { ...NOTHING, changes: leaving };
  const end = recordAt(job, 'status')['conditions'];
  const ended = Array.isArray(end) ? (end as Readonly<Record<string, unknown>>[]).find(isEnd) : undefined;
  if (ended !== undefined) return outlive(job, parseTime(String(ended['lastTransitionTime'])) ?? now, now);
  const counts = countsOf(job, pods);
  const verdict = openVerdict(job) ?? judge(job, counts, pods, now);
  const isLast = verdict !== undefined && pods.active.length + pods.terminating.length + leaving.length === 0;
  const status = writeStatus(job, jobStatus(job, { pods, counts, verdict, isLast }, now));
  const move: Move = verdict === undefined ? nextMove(job, counts, pods, now, rng) : deletePods(job, pods.active);
  return {
    ...NOTHING,
    changes: [...status, ...leaving, ...move.changes],
    notes: [...move.notes, ...(isLast ? [farewell(job, verdict)] : [])],
    wakeAt: verdict === undefined ? earlier(move.wakeAt, deadlineOf(job)) : undefined,
  };
}

/** A job that has ended lives as long as it was told to. */
function outlive(job: KubeObject, endedAt: Instant, now: Instant): Step {
  const ttl = whole(job, 'ttlSecondsAfterFinished');
  if (ttl === undefined) return NOTHING;
  const dueAt = endedAt + ttl * 1000;
  if (dueAt > now) return { ...NOTHING, wakeAt: dueAt };
  const uid = job.metadata.uid === undefined ? {} : { uid: job.metadata.uid };
  return { ...NOTHING, changes: [{ type: 'delete', ref: refOf(JOB, job), ...uid, propagation: 'Foreground', why: 'time to live' }] };
}

function deadlineOf(job: KubeObject): Instant | undefined {
  const seconds = whole(job, 'activeDeadlineSeconds');
  const { startTime } = recordAt(job, 'status');
  const start = typeof startTime === 'string' ? parseTime(startTime) : undefined;
  return seconds === undefined || start === undefined ? undefined : start + seconds * 1000;
}

function judge(job: KubeObject, counts: Counts, pods: JobPods, now: Instant): Verdict | undefined {
  const limit = whole(job, 'backoffLimit') ?? DEFAULT_BACKOFF_LIMIT;
  // Containers that are started again in their pod are tries too.
  const inPlace = recordAt(job, 'spec', 'template', 'spec')['restartPolicy'] === 'OnFailure' && pods.restarts > 0 && pods.restarts >= limit;
  if (counts.failed > limit || inPlace)
    return { type: 'FailureTarget', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  if (now >= (deadlineOf(job) ?? Infinity))
    return { type: 'FailureTarget', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  const completions = whole(job, 'completions');
  const isDone = (completions === undefined ? counts.succeeded > 0 : counts.succeeded >= completions) && pods.active.length === 0;
  if (!isDone || specOf(job)['suspend'] === true) return undefined;
  return { type: 'SuccessCriteriaMet', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
}

function nextMove(job: KubeObject, counts: Counts, pods: JobPods, now: Instant, rng: Rng): Move {
  const remove = (count: number): Move => {
    const going = pods.active.slice(0, Math.max(0, count));
    const { changes, notes } = deletePods(job, going);
    // These are no failures: they are let go before they end.
    return { changes: [...release(going), ...changes], notes };
  };
  if (specOf(job)['suspend'] === true) return remove(pods.active.length);
  const parallelism = whole(job, 'parallelism') ?? 1;
  const completions = whole(job, 'completions');
  const running = pods.active.length;
  // Without a number of completions the first success stops the making of further pods.
  const withoutNumber = counts.succeeded > 0 ? running : parallelism;
  const wanted = completions === undefined ? withoutNumber : Math.max(0, Math.min(parallelism, completions - counts.succeeded));
  if (running > wanted) return remove(running - wanted);
  const held = specOf(job)['podReplacementPolicy'] === 'Failed' ? pods.terminating.length : 0;
  const missing = wanted - running - held;
  if (missing <= 0) return STAY;
  if (pods.retryAt !== undefined && pods.retryAt > now) return { ...STAY, wakeAt: pods.retryAt };
  return createPods(job, missing, rng);
}

const farewell = (job: KubeObject, { type, reason, message }: Verdict): Announcement =>
  type === 'SuccessCriteriaMet' ? announce('job-controller', job, 'Completed', 'Job completed') : announce('job-controller', job, reason, message, 'Warning');
