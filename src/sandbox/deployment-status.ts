// What a Deployment says of itself: counts, and the conditions Available, Progressing and ReplicaFailure.

import type { Deployment, DeploymentStatus, ReplicaSet, WorkloadCondition } from '../kinds/replica-set.js';
import { formatTime, parseTime } from '../lib/instant.js';
import type { Instant } from '../lib/instant.js';
import { limitsOf } from './rolling-update.js';

const DEFAULT_DEADLINE_SECONDS = 600;

export type DeploymentCount = {
  readonly newest: ReplicaSet | undefined;
  readonly all: readonly ReplicaSet[];
  /** The name of a set that this very step makes. */
  readonly made: string | undefined;
};

type Verdict = { readonly type: string; readonly status: string; readonly reason: string; readonly message: string };

export type Reported = { readonly status: DeploymentStatus; readonly wakeAt: Instant | undefined };

export function deploymentStatus(deployment: Deployment, { newest, all, made }: DeploymentCount, now: Instant): Reported {
  const sum = (count: (set: ReplicaSet) => number | undefined): number => all.reduce((total, set) => total + (count(set) ?? 0), 0);
  const available = sum((set) => set.status?.availableReplicas);
  const counts: DeploymentStatus = {
    observedGeneration: deployment.metadata.generation,
    replicas: sum((set) => set.status?.replicas),
    updatedReplicas: newest?.status?.replicas ?? 0,
    readyReplicas: sum((set) => set.status?.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum((set) => set.spec.replicas) - available),
  };
  const before = deployment.status?.conditions ?? [];
  const progress = progressOf(deployment, counts, { newest, made }, now);
  const conditions = [settled(before, availability(deployment, available), now), progress.condition, failureOf(newest, all, before, now)];
  return { status: { ...withoutZeros(counts), conditions: conditions.filter((condition) => condition !== undefined) }, wakeAt: progress.wakeAt };
}

/** The real controller leaves out what is nothing. */
const withoutZeros = (counts: DeploymentStatus): DeploymentStatus => Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0));

/** A condition whose status and reason are what they were stays as it was, words included; its transition is that of the status. */
function settled(before: readonly WorkloadCondition[], verdict: Verdict, now: Instant): WorkloadCondition {
  const old = before.find(({ type }) => type === verdict.type);
  return old?.status === verdict.status && old.reason === verdict.reason ? old : renewed(old, verdict, now);
}

const renewed = (old: WorkloadCondition | undefined, verdict: Verdict, now: Instant): WorkloadCondition => ({
  ...verdict,
  lastUpdateTime: formatTime(now),
  lastTransitionTime: old?.status === verdict.status && old.lastTransitionTime !== undefined ? old.lastTransitionTime : formatTime(now),
});

function availability(deployment: Deployment, available: number): Verdict {
  const rolling = deployment.spec.strategy?.rollingUpdate;
  const limits = limitsOf(deployment.spec.replicas ?? 1, rolling?.maxSurge, deployment.spec.strategy?.type === 'Recreate' ? 0 : rolling?.maxUnavailable);
  return available >= limits.replicas - limits.maxUnavailable
    ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' };
}

/** A set whose pods are refused; the newest one's trouble goes first. */
function failureOf(
  newest: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
  before: readonly WorkloadCondition[],
  now: Instant,
): WorkloadCondition | undefined {
  const failures = [newest, ...all].flatMap(
    (set) => set?.status?.conditions?.filter(({ type, status }) => type === 'ReplicaFailure' && status === 'True') ?? [],
  );
  const [first] = failures;
  return first === undefined
    ? undefined
    : settled(before, { type: first.type, status: first.status, reason: first.reason ?? '', message: first.message ?? '' }, now);
}

type Progress = { readonly condition: WorkloadCondition | undefined; readonly wakeAt: Instant | undefined };

/** Something came forward since the last status: the deadline counts from now. */
function hasMoved(before: DeploymentStatus | undefined, counts: DeploymentStatus): boolean {
  const grew = (key: 'updatedReplicas' | 'readyReplicas' | 'availableReplicas'): boolean => (counts[key] ?? 0) > (before?.[key] ?? 0);
  const old = (status: DeploymentStatus | undefined): number => (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0);
  return grew('updatedReplicas') || grew('readyReplicas') || grew('availableReplicas') || old(counts) < old(before);
}

function progressOf(deployment: Deployment, counts: DeploymentStatus, { newest, made }: Pick<DeploymentCount, 'newest' | 'made'>, now: Instant): Progress {
  const before = deployment.status;
  const conditions = before?.conditions ?? [];
  const old = conditions.find(({ type }) => type === 'Progressing');
  const wanted = deployment.spec.replicas ?? 1;
  const subject = newest === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${newest.metadata.name}"`;
  const say = (status: string, reason: string, message: string): Verdict => ({ type: 'Progressing', status, reason, message });
  const rest = (verdict: Verdict): Progress => ({ condition: settled(conditions, verdict, now), wakeAt: undefined });
  if (deployment.spec.paused === true) return rest(say('Unknown', 'DeploymentPaused', 'Deployment is paused'));
  if (made !== undefined) return rest(say('True', 'NewReplicaSetCreated', `Created new replica set "${made}"`));
  // What was through stays so until a new set is made: a pod lost after the end is no new release, nor is a change of size.
  if (old?.reason === 'NewReplicaSetAvailable' && counts.replicas === counts.updatedReplicas) return { condition: old, wakeAt: undefined };
  const complete = counts.updatedReplicas === wanted && counts.replicas === wanted && counts.availableReplicas === wanted && newest !== undefined;
  if (complete) return rest(say('True', 'NewReplicaSetAvailable', `${subject} has successfully progressed.`));
  const deadlineMs = (deployment.spec.progressDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS) * 1000;
  if (hasMoved(before, counts))
    return { condition: renewed(old, say('True', 'ReplicaSetUpdated', `${subject} is progressing.`), now), wakeAt: now + deadlineMs };
  if (old === undefined || old.reason === 'DeploymentPaused') {
    const found =
      newest === undefined
        ? say('Unknown', 'DeploymentResumed', 'Deployment is resumed')
        : say('True', 'FoundNewReplicaSet', `Found new replica set "${newest.metadata.name}"`);
    return { condition: renewed(old, found, now), wakeAt: now + deadlineMs };
  }
  if (old.reason === 'NewReplicaSetAvailable') return { condition: old, wakeAt: undefined };
  const since = parseTime(old.lastUpdateTime) ?? now;
  const late = old.reason === 'ProgressDeadlineExceeded' || now >= since + deadlineMs;
  if (late) return rest(say('False', 'ProgressDeadlineExceeded', `${subject} has timed out progressing.`));
  return { condition: old, wakeAt: since + deadlineMs };
}
