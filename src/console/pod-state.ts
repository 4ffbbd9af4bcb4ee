// A pod's state in one word, made as `kubectl get pods` makes it, and whether that word is good news.

import type { KubeObject } from '../kinds/kube-object.js';
import { flagAt, hasAt, listAt, numberAt, textAt } from '../lib/read.js';

export type Mood = 'good' | 'progress' | 'paused' | 'waiting' | 'unknown' | 'warning' | 'bad' | 'neutral';

export type PodState = {
  readonly word: string;
  readonly mood: Mood;
  readonly ready: number;
  readonly containers: number;
  readonly restarts: number;
  /** What the kubelet says about it. */
  readonly message: string | undefined;
};

function containerWord(status: unknown): string | undefined {
  const waiting = textAt(status, 'state', 'waiting', 'reason');
  if (waiting !== undefined && waiting !== '') return waiting;
  if (!hasAt(status, 'state', 'terminated')) return undefined;
  const reason = textAt(status, 'state', 'terminated', 'reason');
  if (reason !== undefined && reason !== '') return reason;
  const signal = numberAt(status, 'state', 'terminated', 'signal') ?? 0;
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${numberAt(status, 'state', 'terminated', 'exitCode') ?? '?'}`;
}

function initWord(pod: KubeObject): string | undefined {
  const statuses = listAt(pod, 'status', 'initContainerStatuses');
  for (const [index, status] of statuses.entries()) {
    if (hasAt(status, 'state', 'terminated') && numberAt(status, 'state', 'terminated', 'exitCode') === 0) continue;
    const word = containerWord(status);
    if (word !== undefined && word !== 'PodInitializing') return `Init:${word}`;
    return `Init:${index}/${listAt(pod, 'spec', 'initContainers').length}`;
  }
  return undefined;
}

function podWord(pod: KubeObject): string {
  const statuses = listAt(pod, 'status', 'containerStatuses');
  let word = textAt(pod, 'status', 'reason') ?? textAt(pod, 'status', 'phase') ?? 'Unknown';
  const starting = initWord(pod);
  if (starting !== undefined) word = starting;
  else {
    for (const status of statuses.toReversed()) word = containerWord(status) ?? word;
    if (word === 'Completed' && statuses.some((status) => flagAt(status, 'ready') && hasAt(status, 'state', 'running'))) word = 'Running';
  }
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return word;
}

function moodOf(word: string): Mood {
  if (word === 'Running' || word === 'Completed' || word === 'Succeeded') return 'good';
  if (/ImagePullBackOff|RegistryUnavailable/.test(word)) return 'warning';
  if (/^(?:Failed|Evicted|InvalidImageName|CrashLoopBackOff|OOMKilled)$|^Signal:|^ExitCode:/.test(word)) return 'bad';
  if (/Error|^Err/.test(word)) return 'warning';
  if (/^(?:Pending|Terminating|ContainerCreating|PodInitializing)$|^Init:/.test(word)) return 'progress';
  return 'unknown';
}

export function readPodState(pod: KubeObject): PodState {
  const statuses = listAt(pod, 'status', 'containerStatuses');
  const word = podWord(pod);
  const waiting = statuses.map((status) => textAt(status, 'state', 'waiting', 'message')).find((message) => message !== undefined && message !== '');
  const unscheduled = listAt(pod, 'status', 'conditions').find(
    (condition) => textAt(condition, 'type') === 'PodScheduled' && textAt(condition, 'status') === 'False',
  );
  return {
    word,
    mood: moodOf(word),
    ready: statuses.filter((status) => flagAt(status, 'ready')).length,
    containers: Math.max(statuses.length, listAt(pod, 'spec', 'containers').length),
    restarts: statuses.reduce<number>((sum, status) => sum + (numberAt(status, 'restartCount') ?? 0), 0),
    message: waiting ?? textAt(pod, 'status', 'message') ?? textAt(unscheduled, 'message'),
  };
}
