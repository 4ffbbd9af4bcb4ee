// The table of pods. STATUS is not the phase: it is what a person should know first, read from the containers.

import type { KubeObject } from '../../../kinds/kube-object.js';
import type { Instant } from '../../../lib/instant.js';
import { parseTime } from '../../../lib/instant.js';
import type { Column } from './column.js';
import { AGE, NAME, textColumn, wide } from './column.js';
import type { Fields } from './fields.js';
import { count, dig, NONE, record, records, text } from './fields.js';
import { humanDuration } from './human-duration.js';

export const POD_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Ready', (pod) => `${readyContainers(pod)}/${records(pod, 'spec', 'containers').length}`),
  textColumn('Status', (pod) => podReason(pod)),
  textColumn('Restarts', (pod, now) => restarts(pod, now)),
  AGE,
  wide('IP', (pod) => text(records(pod, 'status', 'podIPs')[0], 'ip') ?? text(pod, 'status', 'podIP') ?? NONE),
  wide('Node', (pod) => text(pod, 'spec', 'nodeName') ?? NONE),
  wide('Nominated Node', (pod) => text(pod, 'status', 'nominatedNodeName') ?? NONE),
  wide('Readiness Gates', (pod) => readinessGates(pod)),
];

const containerStatuses = (pod: KubeObject): readonly Fields[] => records(pod, 'status', 'containerStatuses');

const isRunning = (container: Fields): boolean => container['ready'] === true && dig(container, 'state', 'running') !== undefined;

const readyContainers = (pod: KubeObject): number => containerStatuses(pod).filter(isRunning).length;

const conditionHolds = (pod: KubeObject, type: string): boolean =>
  records(pod, 'status', 'conditions').some((condition) => condition['type'] === type && condition['status'] === 'True');

/** "Running", "CrashLoopBackOff", "Init:0/1", "Terminating", … */
export function podReason(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (text(pod, 'status', 'reason') === 'NodeLost') return 'Unknown';
    const phase = text(pod, 'status', 'phase');
    if (phase !== 'Succeeded' && phase !== 'Failed') return 'Terminating';
  }
  const initial = initReason(pod);
  if (initial !== undefined && !conditionHolds(pod, 'Initialized')) return initial;
  return containerReason(pod, text(pod, 'status', 'reason') ?? text(pod, 'status', 'phase') ?? '');
}

function containerReason(pod: KubeObject, phase: string): string {
  const statuses = containerStatuses(pod);
  let reason = phase;
  // The first container has the last word.
  for (const container of statuses.toReversed()) reason = waitingReason(container) ?? terminatedReason(container, reason) ?? reason;
  if (reason !== 'Completed' || !statuses.some(isRunning)) return reason;
  return conditionHolds(pod, 'Ready') ? 'Running' : 'NotReady';
}

const waitingReason = (container: Fields): string | undefined => text(container, 'state', 'waiting', 'reason');

function terminatedReason(container: Fields, sofar: string): string | undefined {
  const terminated = dig(container, 'state', 'terminated');
  if (terminated === undefined) return undefined;
  const reason = text(terminated, 'reason');
  if (reason !== undefined || sofar !== '') return reason;
  const signal = count(terminated, 'signal');
  return signal === 0 ? `ExitCode:${count(terminated, 'exitCode')}` : `Signal:${signal}`;
}

/** What the first init container that is not done says; undefined when all are. */
function initReason(pod: KubeObject): string | undefined {
  const total = records(pod, 'spec', 'initContainers').length;
  for (const [index, container] of records(pod, 'status', 'initContainerStatuses').entries()) {
    const terminated = record(container, 'state', 'terminated');
    if (dig(container, 'state', 'terminated') !== undefined) {
      if (count(terminated, 'exitCode') === 0) continue;
      return `Init:${terminatedReason(container, '') ?? ''}`;
    }
    const waiting = waitingReason(container);
    return waiting !== undefined && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${total}`;
  }
  return undefined;
}

function restarts(pod: KubeObject, now: Instant): string {
  const statuses = containerStatuses(pod);
  const total = statuses.reduce((sum, container) => sum + count(container, 'restartCount'), 0);
  const ends = statuses.map((container) => parseTime(text(container, 'lastState', 'terminated', 'finishedAt'))).filter((end) => end !== undefined);
  return total === 0 || ends.length === 0 ? String(total) : `${total} (${humanDuration(now - Math.max(...ends))} ago)`;
}

function readinessGates(pod: KubeObject): string {
  const gates = records(pod, 'spec', 'readinessGates');
  if (gates.length === 0) return NONE;
  return `${gates.filter((gate) => conditionHolds(pod, text(gate, 'conditionType') ?? '')).length}/${gates.length}`;
}
