// The pods of a job: which are still to be counted, which run, how long a failure holds up the next try, and how new ones are made.

import type { Change } from '../kinds/change.js';
import { controllerOf, type KubeObject } from '../kinds/kube-object.js';
import { isPodReady, podOf } from '../kinds/pod.js';
import { refOf } from '../kinds/object-ref.js';
import { POD } from '../kinds/resource-type.js';
import { parseTime, type Instant } from '../lib/instant.js';
import type { Rng } from '../lib/rng.js';
import { announce, mergeInto, recordAt } from './world.js';
import type { Announcement, World } from './world.js';

/** Holds a pod until its end has been counted, whoever deletes it. */
const TRACKING = 'batch.kubernetes.io/job-tracking';

const LONGEST_NAME_BASE = 57;
/** The most pods made in one step; the rest follows in the next. */
const MOST_PODS_A_STEP = 500;
const FIRST_BACKOFF_MS = 10_000;
const LONGEST_BACKOFF_MS = 600_000;

export type JobPods = {
  readonly active: readonly KubeObject[];
  /** Told to go, and not yet ended. */
  readonly terminating: readonly KubeObject[];
  readonly ready: number;
  /** Ended, and not in the job's counts yet. */
  readonly succeeded: readonly KubeObject[];
  readonly failed: readonly KubeObject[];
  /** Restarts of the containers of active pods. */
  readonly restarts: number;
  /** When the next try may begin after the last failure; undefined: at once. */
  readonly retryAt: Instant | undefined;
};

const phaseOf = (pod: KubeObject): string => podOf(pod).status?.phase ?? '';
const isGoing = (pod: KubeObject): boolean => pod.metadata.deletionTimestamp !== undefined;
const isTracked = (pod: KubeObject): boolean => pod.metadata.finalizers?.includes(TRACKING) === true;
const hasEnded = (pod: KubeObject): boolean => ['Succeeded', 'Failed'].includes(phaseOf(pod));

export function podsOfJob(world: World, job: KubeObject): JobPods {
  const pods = world.list(POD, job.metadata.namespace ?? '').filter((pod) => controllerOf(pod)?.uid === job.metadata.uid);
  // Whoever waits for the end of pods that were told to go does not count them as failures before.
  const patient = recordAt(job, 'spec')['podReplacementPolicy'] === 'Failed';
  const active = pods.filter((pod) => !hasEnded(pod) && !isGoing(pod));
  const statuses = active.flatMap((pod) => podOf(pod).status?.containerStatuses ?? []);
  return {
    active,
    terminating: pods.filter((pod) => !hasEnded(pod) && isGoing(pod)),
    ready: active.filter((pod) => isPodReady(podOf(pod))).length,
    succeeded: pods.filter((pod) => isTracked(pod) && phaseOf(pod) === 'Succeeded'),
    failed: pods.filter((pod) => isTracked(pod) && (phaseOf(pod) === 'Failed' || (!patient && isGoing(pod) && phaseOf(pod) !== 'Succeeded'))),
    restarts: statuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    retryAt: retryAfter(pods),
  };
}

/** Ten seconds after the first failure, and twice as long after each further one, until a pod has succeeded. */
function retryAfter(pods: readonly KubeObject[]): Instant | undefined {
  const endedAt = (phase: string): readonly Instant[] => pods.filter((pod) => phaseOf(pod) === phase).map(endOf);
  const lastSuccess = Math.max(Number.NEGATIVE_INFINITY, ...endedAt('Succeeded'));
  const failures = endedAt('Failed').filter((at) => at > lastSuccess);
  return failures.length === 0 ? undefined : Math.max(...failures) + Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures.length - 1));
}

function endOf(pod: KubeObject): Instant {
  const ends = (podOf(pod).status?.containerStatuses ?? []).map(({ state }) => parseTime(state?.terminated?.finishedAt) ?? 0);
  return Math.max(parseTime(pod.metadata.creationTimestamp) ?? 0, ...ends);
}

/** Lets go of pods: they have been counted, or there is nobody to count them. */
export function release(pods: readonly KubeObject[]): readonly Change[] {
  return pods.filter(isTracked).map((pod) => {
    const finalizers = (pod.metadata.finalizers ?? []).filter((finalizer) => finalizer !== TRACKING);
    return mergeInto(POD, pod, { metadata: { finalizers } }, 'counted by its job');
  });
}

/** Pods of a job that is not there any more. */
export function releaseOrphans(world: World, namespace: string, jobName: string): readonly Change[] {
  return release(
    world.list(POD, namespace).filter((pod) => {
      const owner = controllerOf(pod);
      return owner?.kind === 'Job' && owner.name === jobName;
    }),
  );
}

type Moves = { readonly changes: readonly Change[]; readonly notes: readonly Announcement[] };

export function deletePods(job: KubeObject, pods: readonly KubeObject[]): Moves {
  const deletion = (pod: KubeObject): Change => ({
    type: 'delete',
    ref: refOf(POD, pod),
    ...(pod.metadata.uid === undefined ? {} : { uid: pod.metadata.uid }),
    why: 'job',
  });
  return {
    changes: pods.map(deletion),
    notes: pods.map((pod) => announce('job-controller', job, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)),
  };
}

export function createPods(job: KubeObject, count: number, rng: Rng): Moves {
  const { name: jobName, namespace = '', uid } = job.metadata;
  const template = recordAt(job, 'spec', 'template');
  const { labels, annotations } = recordAt(template, 'metadata');
  const base = `${jobName.slice(0, LONGEST_NAME_BASE)}-`;
  const names = [...new Set(Array.from({ length: Math.min(count, MOST_PODS_A_STEP) }, () => `${base}${rng.suffix(5)}`))];
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name: jobName, uid, controller: true, blockOwnerDeletion: true };
  const changes = names.map((name): Change => {
    const told = { ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) };
    const metadata = { name, generateName: base, namespace, ...told, finalizers: [TRACKING], ownerReferences: [owner] };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: template['spec'] ?? { containers: [] } } as unknown as KubeObject;
    return { type: 'create', ref: { type: POD, namespace, name }, object: pod, why: 'job' };
  });
  return { changes, notes: names.map((name) => announce('job-controller', job, 'SuccessfulCreate', `Created pod: ${name}`)) };
}
