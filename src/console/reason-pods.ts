// What keeps the pods of a ReplicaSet from being ready, in one clause: the commonest trouble, named by its cause.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ClusterIndex } from './board.js';
import { type PodState, readPodState } from './pod-state.js';
import { listAt, numberAt, textAt } from '../lib/read.js';

export type PodTrouble = {
  readonly cause:
    | 'image-pull'
    | 'bad-image-name'
    | 'init-container'
    | 'container-config'
    | 'crash-loop'
    | 'unschedulable'
    | 'volume-mount'
    | 'readiness'
    | 'quota'
    | 'not-created'
    | 'pod-error';
  /** "1 of 2 canary pods can not pull image reviews:9 (ImagePullBackOff)" */
  readonly clause: string;
};

type Seen = { readonly pod: KubeObject; readonly state: PodState; /** The newest warning about it. */ readonly warning: KubeObject | undefined };

const imageOf = (pod: KubeObject): string => textAt(listAt(pod, 'spec', 'containers')[0], 'image') ?? 'its image';

function waitingImage(pod: KubeObject): string {
  const waiting = listAt(pod, 'status', 'containerStatuses').find((status) =>
    /Image|ErrImage|Registry/.test(textAt(status, 'state', 'waiting', 'reason') ?? ''),
  );
  return textAt(waiting, 'image') ?? imageOf(pod);
}

function exitOf(pod: KubeObject): string {
  for (const status of listAt(pod, 'status', 'containerStatuses')) {
    const code = numberAt(status, 'lastState', 'terminated', 'exitCode') ?? numberAt(status, 'state', 'terminated', 'exitCode');
    if (code !== undefined) return `, exit code ${code}`;
  }
  return '';
}

/** The init container that does not come to its end, and how it last ended. */
function initText(pod: KubeObject): string {
  const stuck = listAt(pod, 'status', 'initContainerStatuses').find((status) => numberAt(status, 'state', 'terminated', 'exitCode') !== 0);
  const code = numberAt(stuck, 'lastState', 'terminated', 'exitCode') ?? numberAt(stuck, 'state', 'terminated', 'exitCode');
  return `${textAt(stuck, 'name') ?? 'its first'}${code === undefined ? '' : `, exit code ${code}`}`;
}

const warningText = ({ warning }: Seen): string => {
  const message = textAt(warning, 'message');
  return message === undefined ? '' : `: ${message}`;
};

const isUnready = ({ state }: Seen): boolean => state.word === 'Running' && state.ready < state.containers;

const RULES: readonly { readonly cause: PodTrouble['cause']; matches(seen: Seen): boolean; words(seen: Seen): string }[] = [
  {
    cause: 'bad-image-name',
    matches: ({ state }) => state.word.includes('InvalidImageName'),
    words: ({ pod }) => `has an image name that is none: ${waitingImage(pod)}`,
  },
  {
    cause: 'image-pull',
    matches: ({ state }) => /ImagePullBackOff|ErrImagePull|RegistryUnavailable|ErrImageNeverPull/.test(state.word),
    words: ({ pod, state }) => `can not pull image ${waitingImage(pod)} (${state.word})`,
  },
  {
    cause: 'init-container',
    matches: ({ state }) => /^Init:(?!\d)/.test(state.word),
    words: ({ pod, state }) => `can not start: init container ${initText(pod)} (${state.word})`,
  },
  {
    cause: 'container-config',
    matches: ({ state }) => /CreateContainerConfigError|CreateContainerError/.test(state.word),
    words: ({ state }) => `can not be configured${state.message === undefined ? '' : `: ${state.message}`}`,
  },
  {
    cause: 'volume-mount',
    matches: ({ state, warning }) => state.mood === 'progress' && /^Failed(Mount|AttachVolume)$/.test(textAt(warning, 'reason') ?? ''),
    words: (seen) => `can not mount a volume${warningText(seen)}`,
  },
  {
    cause: 'crash-loop',
    matches: ({ state }) => /CrashLoopBackOff|^Error$|OOMKilled|^ExitCode:|^Signal:|RunContainerError/.test(state.word),
    words: ({ pod, state }) => `keeps crashing (${state.word}${exitOf(pod)}, ${state.restarts} restarts)`,
  },
  {
    cause: 'unschedulable',
    matches: ({ pod, state }) =>
      state.word === 'Pending' && listAt(pod, 'status', 'conditions').some((condition) => textAt(condition, 'reason') === 'Unschedulable'),
    words: ({ state }) => `finds no node${state.message === undefined ? '' : `: ${state.message}`}`,
  },
  {
    cause: 'readiness',
    matches: (seen) => isUnready(seen) && textAt(seen.warning, 'reason') === 'Unhealthy',
    words: (seen) => `${seen.state.ready === 0 ? 'runs' : 'runs in part'} but is not ready${warningText(seen)}`,
  },
  {
    cause: 'pod-error',
    matches: ({ state }) => state.mood === 'bad' || state.mood === 'warning',
    words: ({ state }) => `is in ${state.word}${state.message === undefined ? '' : `: ${state.message}`}`,
  },
];

/** `side` is "canary" or "stable". */
export function findPodTrouble(index: ClusterIndex, set: KubeObject | undefined, side: string): PodTrouble | undefined {
  if (set === undefined) return undefined;
  const seen = (index.podsOf.get(set.metadata.uid ?? '') ?? []).map((pod) => ({
    pod,
    state: readPodState(pod),
    warning: index.warnings.get(pod.metadata.uid ?? ''),
  }));
  for (const rule of RULES) {
    const hit = seen.filter((each) => rule.matches(each));
    const [first] = hit;
    if (first !== undefined) return { cause: rule.cause, clause: `${hit.length} of ${seen.length} ${side} pods ${rule.words(first)}` };
  }
  const failure = listAt(set, 'status', 'conditions').find(
    (condition) => textAt(condition, 'type') === 'ReplicaFailure' && textAt(condition, 'status') === 'True',
  );
  if (failure === undefined) return undefined;
  const why = textAt(failure, 'message') ?? textAt(failure, 'reason') ?? 'no reason given';
  return { cause: /exceeded quota/.test(why) ? 'quota' : 'not-created', clause: `${side} pods can not be created: ${why}` };
}

/** "1 of 2 canary pods is ready" while some are missing. */
export function podsShort(set: KubeObject | undefined, wanted: number | undefined, side: string): string | undefined {
  const spec = numberAt(set, 'spec', 'replicas') ?? 0;
  const target = Math.max(spec, wanted ?? 0);
  const available = numberAt(set, 'status', 'availableReplicas') ?? 0;
  if (target === 0 || available >= target) return undefined;
  return `waiting for ${side} pods: ${available} of ${target} available`;
}
