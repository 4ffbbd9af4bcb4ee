// What a Deployment says of itself: counts, and the conditions Available and Progressing.

import type { Deployment, DeploymentStatus, ReplicaSet, WorkloadCondition } from '../kinds/replica-set.js';
import { formatTime, parseTime } from '../lib/instant.js';
import type { Instant } from '../lib/instant.js';
import { limitsOf } from './rolling-update.js';

const DEFAULT_DEADLINE_SECONDS = 600;

export type DeploymentCount = { readonly newest: ReplicaSet | undefined; readonly all: readonly ReplicaSet[] };

type Verdict = { readonly type: string; readonly status: string; readonly reason: string; readonly message: string };

export type Reported = { readonly status: DeploymentStatus; readonly wakeAt: Instant | undefined };

export function deploymentStatus(deployment: Deployment, { newest, all }: DeploymentCount, now: Instant): Reported {
  const sum = (count: (set: ReplicaSet) => number | undefined): number => all.reduce((total, set) => total + (count(set) ?? 0), 0);
  const replicas = sum((set) => set.status?.replicas);
  const available = sum((set) => set.status?.availableReplicas);
  const counts: DeploymentStatus = {
    observedGeneration: deployment.metadata.generation,
    replicas,
    updatedReplicas: newest?.status?.replicas ?? 0,
    readyReplicas: sum((set) => set.status?.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum((set) => set.spec.replicas) - available),
  };
  const before = deployment.status?.conditions ?? [];
  const progress = progressOf(deployment, counts, newest, now);
  const verdicts = [availability(deployment, available), progress.verdict];
  return {
    status: { ...withoutZeros(counts), conditions: verdicts.map((verdict) => timed(verdict, before, progress.moved && verdict.type === 'Progressing', now)) },
    wakeAt: progress.wakeAt,
  };
}

/** The real controller leaves out what is nothing. */
const withoutZeros = (counts: DeploymentStatus): DeploymentStatus => Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0));

function availability(deployment: Deployment, available: number): Verdict {
  const rolling = deployment.spec.strategy?.rollingUpdate;
  const limits = limitsOf(deployment.spec.replicas ?? 1, rolling?.maxSurge, deployment.spec.strategy?.type === 'Recreate' ? 0 : rolling?.maxUnavailable);
  return available >= limits.replicas - limits.maxUnavailable
    ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' };
}

type Progress = {
  readonly verdict: Verdict;
  /** Something came forward since the last status: the deadline counts from now. */
  readonly moved: boolean;
  readonly wakeAt: Instant | undefined;
};

function progressOf(deployment: Deployment, counts: DeploymentStatus, newest: ReplicaSet | undefined, now: Instant): Progress {
  const before = deployment.status;
  const old = before?.conditions?.find(({ type }) => type === 'Progressing');
  const wanted = deployment.spec.replicas ?? 1;
  const subject = newest === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${newest.metadata.name}"`;
  const say = (status: string, reason: string, message: string): Verdict => ({ type: 'Progressing', status, reason, message });
  if (deployment.spec.paused === true) return { verdict: say('Unknown', 'DeploymentPaused', 'Deployment is paused'), moved: false, wakeAt: undefined };
  const complete = counts.updatedReplicas === wanted && counts.replicas === wanted && counts.availableReplicas === wanted && newest !== undefined;
  if (complete) return { verdict: say('True', 'NewReplicaSetAvailable', `${subject} has successfully progressed.`), moved: false, wakeAt: undefined };
  const settled = old?.reason === 'NewReplicaSetAvailable' && before?.observedGeneration === counts.observedGeneration;
  // A pod lost after the end is no new release: the deadline does not count for it.
  if (settled) return { verdict: say('True', 'NewReplicaSetAvailable', old.message ?? ''), moved: false, wakeAt: undefined };
  const moved =
    (counts.updatedReplicas ?? 0) > (before?.updatedReplicas ?? 0) ||
    (counts.readyReplicas ?? 0) > (before?.readyReplicas ?? 0) ||
    (counts.availableReplicas ?? 0) > (before?.availableReplicas ?? 0) ||
    before?.observedGeneration !== counts.observedGeneration;
  const deadlineMs = (deployment.spec.progressDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS) * 1000;
  const since = parseTime(old?.lastUpdateTime) ?? now;
  if (!moved && (old?.reason === 'ProgressDeadlineExceeded' || now >= since + deadlineMs)) {
    return { verdict: say('False', 'ProgressDeadlineExceeded', `${subject} has timed out progressing.`), moved: false, wakeAt: undefined };
  }
  return { verdict: say('True', 'ReplicaSetUpdated', `${subject} is progressing.`), moved, wakeAt: (moved ? now : since) + deadlineMs };
}

/** Times stay while the words stay; progress renews only the time of the update. */
function timed(verdict: Verdict, before: readonly WorkloadCondition[], renew: boolean, now: Instant): WorkloadCondition {
  const old = before.find(({ type }) => type === verdict.type);
  const same = old?.status === verdict.status;
  const unchanged = same && old.reason === verdict.reason && !renew;
  return {
    // The same reason in other words is no news: the real controller leaves what it has said.
    ...(unchanged && old.message !== undefined ? { ...verdict, message: old.message } : verdict),
    lastUpdateTime: unchanged ? (old.lastUpdateTime ?? formatTime(now)) : formatTime(now),
    lastTransitionTime: same ? (old.lastTransitionTime ?? formatTime(now)) : formatTime(now),
  };
}
