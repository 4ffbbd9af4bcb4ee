// The kubelet: takes a bound pod from ContainerCreating to Running and Ready, or to the failure that its behaviour asks for,
// and lets a deleted one vanish. Its memory of a pod is a value that goes in and comes out.

import { refOf } from '../kinds/object-ref.js';
import type { Change, Note } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { isPodReady, podOf } from '../kinds/pod.js';
import type { Pod } from '../kinds/pod.js';
import { POD } from '../kinds/resource-type.js';
import { formatTime } from '../lib/instant.js';
import type { Instant } from '../lib/instant.js';
import type { Rng } from '../lib/rng.js';
import type { Behaviour } from './behaviour.js';
import { endingOf as commandEnding, hookMs } from './command.js';
import type { Ending } from './command.js';
import { gatesOpen, readyPatch, statusPatch } from './pod-status.js';
import type { ContainerStage } from './pod-status.js';
import { NOTHING } from './world.js';
import type { Announcement, Step } from './world.js';
import { backoffMs, FIRST_BACKOFF_MS, type PodMemory } from './pod-memory.js';
import { heldBack } from './held-back.js';

/** How fast the pretend nodes are. The defaults are those of the recorded traces: ready one second after binding. */
export type Pace = {
  /** From binding to the start of the containers. */
  readonly startMs: number;
  /** From the start of the containers to Ready; a readiness probe's initial delay or an annotation may make it longer. */
  readonly warmMs: number;
  /** Each of these waits is made longer by up to this share of itself, by chance. */
  readonly jitter: number;
  /** Of the pods of a namespace that could start together one goes ahead: whoever reacts to pods sees it alone, as on nodes that start
   *  one container after the other. */
  readonly inTurn: boolean;
  /** From deletion to the pod's end. */
  readonly vanishMs: number;
};

export const DEFAULT_PACE: Pace = { startMs: 1000, warmMs: 0, jitter: 0, inTurn: false, vanishMs: 300 };

const CRASH_AFTER_MS = 800;
const DEFAULT_GRACE_SECONDS = 30;
const PROBE_PERIOD_MS = 10_000;

export type KubeletSetting = { readonly behaviour: Behaviour; readonly pace: Pace };

export type PodStep = {
  readonly memory: PodMemory | undefined;
  readonly step: Step;
  /** What the containers write as they start or fail. */ readonly log: readonly string[];
  /** The containers end with this step; what they write later is another run's. */ readonly isLastOfRun?: boolean;
};

export function stepPod(object: KubeObject, memory: PodMemory | undefined, setting: KubeletSetting, now: Instant, rng: Rng): PodStep {
  const pod = podOf(object);
  if (object.metadata.deletionTimestamp !== undefined) return stopping(object, memory, setting, now);
  const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  if (pod.spec.nodeName === undefined || ended) return { memory, step: NOTHING, log: [] };
  const isUp = pod.status?.containerStatuses?.some((status) => status.state?.running !== undefined) === true;
  if (memory === undefined) return isUp ? resumed(pod, now) : admitted(object, setting, now, rng);
  if (memory.dueAt !== undefined && now < memory.dueAt) return { memory, step: { ...NOTHING, wakeAt: memory.dueAt }, log: [] };
  if (memory.dueAt === undefined) return gated(object, memory, now);
  switch (memory.stage) {
    case 'creating':
    case 'pull-failing': {
      const held = heldBack(object, memory, setting.behaviour, now);
      if (held !== undefined) return written(object, held.memory, held.stage, now, held.notes);
      return setting.behaviour.pull === 'never' ? pullFailed(object, memory, now) : started(object, memory, setting, now, rng);
    }
    case 'crashed':
      return started(object, memory, setting, now, rng);
    case 'running':
      if (setting.behaviour.crash === 'loop') return endsForGood(pod, 1) ? terminated(object, memory, CRASHED, now) : crashed(object, memory, now);
      if (setting.behaviour.ready === 'never') return unready(object, memory, now);
      if (endingOf(pod) !== undefined) return commandEnded(object, memory, now);
      return written(object, { ...memory, dueAt: undefined }, running(memory.failures, true, pod, now), now, []);
    default:
      return memory.stage satisfies never;
  }
}

const CRASHED: Ending = { afterMs: CRASH_AFTER_MS, exitCode: 1, lines: [] };

/** Whether a container that ends so is not started again. */
function endsForGood(pod: Pod, exitCode: number): boolean {
  const { restartPolicy } = pod.spec;
  return restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && exitCode === 0);
}

/** When the command of a pod that may end is through; undefined for all others. */
function endingOf(pod: Pod): Ending | undefined {
  return pod.spec.restartPolicy === 'Never' || pod.spec.restartPolicy === 'OnFailure' ? commandEnding(pod) : undefined;
}

/** The command is through: the pod ends, or tries again. */
function commandEnded(object: KubeObject, memory: PodMemory, now: Instant): PodStep {
  const ending = endingOf(podOf(object)) ?? CRASHED;
  return endsForGood(podOf(object), ending.exitCode) ? terminated(object, memory, ending, now) : crashed(object, memory, now);
}

function terminated(object: KubeObject, memory: PodMemory, ending: Ending, now: Instant): PodStep {
  const startedAt = podOf(object).status?.containerStatuses?.[0]?.state?.running?.startedAt ?? formatTime(now);
  const success = ending.exitCode === 0;
  const state = { terminated: { exitCode: ending.exitCode, reason: success ? 'Completed' : 'Error', startedAt, finishedAt: formatTime(now) } };
  const stage: ContainerStage = { ready: false, restarts: memory.failures, state, phase: success ? 'Succeeded' : 'Failed' };
  return { ...written(object, { ...memory, dueAt: undefined }, stage, now, []), log: ending.lines };
}

/** The first sight of a pod that is already up: it was here before this sandbox. */
function resumed(pod: Pod, now: Instant): PodStep {
  const wasReady = pod.status?.conditions?.some(({ type, status }) => (type === 'ContainersReady' || type === 'Ready') && status === 'True') === true;
  const memory: PodMemory = { stage: 'running', dueAt: wasReady && endingOf(pod) === undefined ? undefined : now, failures: 0 };
  return { memory, step: { ...NOTHING, wakeAt: memory.dueAt }, log: [] };
}

/** A container counts as started when its hook for that moment is through. */
function admitted(object: KubeObject, { behaviour, pace }: KubeletSetting, now: Instant, rng: Rng): PodStep {
  const hooksMs = Math.max(0, ...podOf(object).spec.containers.map(({ lifecycle }) => hookMs(lifecycle?.postStart)));
  const startMs = behaviour.startAfterMs ?? longer(pace.startMs, pace, rng) + hooksMs;
  const memory: PodMemory = { stage: 'creating', dueAt: now + startMs, failures: 0 };
  const notes = podOf(object).spec.containers.map(({ image = '' }): Note => ({ type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"` }));
  return written(object, memory, { ready: false, restarts: 0, state: { waiting: { reason: 'ContainerCreating' } } }, now, notes);
}

function started(object: KubeObject, memory: PodMemory, { behaviour, pace }: KubeletSetting, now: Instant, rng: Rng): PodStep {
  const pod = podOf(object);
  const probeMs = Math.max(0, ...pod.spec.containers.map((container) => (container.readinessProbe?.initialDelaySeconds ?? 0) * 1000));
  const warmMs = behaviour.startAfterMs === undefined ? Math.max(probeMs, longer(pace.warmMs, pace, rng)) : 0;
  const readyMs = behaviour.readyAfterMs ?? warmMs;
  const crashing = behaviour.crash === 'loop';
  const ending = crashing ? undefined : endingOf(pod);
  const ready = !crashing && behaviour.ready !== 'never' && (readyMs === 0 || ending !== undefined);
  const notes = pod.spec.containers.flatMap(({ name, image = '' }): Note[] => [
    {
      type: 'Normal',
      reason: 'Pulled',
      message: memory.failures === 0 ? `Successfully pulled image "${image}"` : `Container image "${image}" already present on machine`,
    },
    { type: 'Normal', reason: 'Created', message: `Created container: ${name}` },
    { type: 'Normal', reason: 'Started', message: `Started container ${name}` },
  ]);
  const dueAt = ending === undefined ? (ready ? undefined : now + (crashing ? CRASH_AFTER_MS : readyMs)) : now + ending.afterMs;
  const restarts = memory.stage === 'crashed' ? memory.failures : 0;
  const next: PodMemory = { stage: 'running', dueAt, failures: restarts };
  const log = pod.spec.containers.slice(0, 1).map(({ name, image = '' }) => `starting ${name} (${image})`);
  return { ...written(object, next, running(restarts, ready, pod, now), now, notes), log };
}

/** Its probe fails again; the pod runs on. */
function unready(object: KubeObject, memory: PodMemory, now: Instant): PodStep {
  const next: PodMemory = { ...memory, dueAt: now + PROBE_PERIOD_MS };
  const note: Note = { type: 'Warning', reason: 'Unhealthy', message: 'Readiness probe failed: HTTP probe failed with statuscode: 503' };
  return written(object, next, running(memory.failures, false, podOf(object), now), now, [note]);
}

/** Containers that run keep the time at which they started. */
function running(restarts: number, ready: boolean, pod: Pod, now: Instant): ContainerStage {
  const before = pod.status?.containerStatuses?.[0];
  const startedAt = before?.state?.running?.startedAt ?? formatTime(now);
  return { ready, restarts, state: { running: { startedAt } }, lastState: before?.lastState };
}

function pullFailed(object: KubeObject, memory: PodMemory, now: Instant): PodStep {
  const image = podOf(object).spec.containers[0]?.image ?? '';
  const failures = memory.failures + 1;
  // As on a real node the words alternate: the failure itself, then the wait for the next try.
  const fresh = memory.stage === 'creating' || failures % 2 === 1;
  const waiting = fresh
    ? { reason: 'ErrImagePull', message: `failed to pull and unpack image "${image}": not found` }
    : { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` };
  const notes: Note[] = fresh
    ? [
        { type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": not found` },
        { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' },
      ]
    : [
        { type: 'Normal', reason: 'BackOff', message: `Back-off pulling image "${image}"` },
        { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' },
      ];
  const next: PodMemory = { stage: 'pull-failing', dueAt: now + (fresh ? FIRST_BACKOFF_MS / 5 : backoffMs(failures)), failures };
  return written(object, next, { ready: false, restarts: 0, state: { waiting } }, now, notes);
}

function crashed(object: KubeObject, memory: PodMemory, now: Instant): PodStep {
  const pod = podOf(object);
  const failures = memory.failures + 1;
  const name = pod.spec.containers[0]?.name ?? '';
  const startedAt = pod.status?.containerStatuses?.[0]?.state?.running?.startedAt ?? formatTime(now);
  const where = `${object.metadata.name}_${object.metadata.namespace ?? ''}(${object.metadata.uid ?? ''})`;
  const waitMs = backoffMs(failures);
  const waiting = { reason: 'CrashLoopBackOff', message: `back-off ${waitMs / 1000}s restarting failed container=${name} pod=${where}` };
  const stage: ContainerStage = {
    ready: false,
    restarts: failures,
    state: { waiting },
    lastState: { terminated: { exitCode: 1, reason: 'Error', startedAt, finishedAt: formatTime(now) } },
  };
  const note: Note = { type: 'Warning', reason: 'BackOff', message: `Back-off restarting failed container ${name} in pod ${where}` };
  const step = written(object, { stage: 'crashed', dueAt: now + waitMs, failures }, stage, now, [note]);
  return { ...step, log: ['fatal: can not go on, exiting with code 1'], isLastOfRun: true };
}

/** Once a pod has been made ready its Ready condition is left to others, but for the gates: those the kubelet follows. */
function gated(object: KubeObject, memory: PodMemory, now: Instant): PodStep {
  const pod = podOf(object);
  if ((pod.spec.readinessGates ?? []).length === 0 || memory.stage !== 'running') return { memory, step: NOTHING, log: [] };
  const open = gatesOpen(pod);
  if (open === isPodReady(pod)) return { memory, step: NOTHING, log: [] };
  return { memory, step: { ...NOTHING, changes: [statusWrite(object, readyPatch(object, open, now), 'readiness gates')] }, log: [] };
}

function stopping(object: KubeObject, memory: PodMemory | undefined, setting: KubeletSetting, now: Instant): PodStep {
  const pod = podOf(object);
  const known: PodMemory = memory ?? { stage: 'creating', dueAt: undefined, failures: 0 };
  const vanishAt = known.vanishAt ?? (pod.spec.nodeName === undefined ? now : now + leavingMs(pod, known, setting));
  const first = known.vanishAt === undefined && known.stage === 'running';
  const notes = first
    ? pod.spec.containers.map(({ name }) => fromNode(object, { type: 'Normal', reason: 'Killing', message: `Stopping container ${name}` }))
    : [];
  const gone = now >= vanishAt;
  const vanish = gone && object.metadata.uid !== undefined ? [{ ref: refOf(POD, object), uid: object.metadata.uid }] : [];
  return { memory: { ...known, vanishAt }, step: { changes: [], notes, vanish, wakeAt: gone ? undefined : vanishAt }, log: [] };
}

/** A hook before the end holds it up, for as long as the pod was given grace at most. */
function leavingMs(pod: Pod, { stage }: PodMemory, { behaviour, pace }: KubeletSetting): number {
  const hooksMs = stage === 'running' ? Math.max(0, ...pod.spec.containers.map(({ lifecycle }) => hookMs(lifecycle?.preStop))) : 0;
  const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS) * 1000;
  return behaviour.vanishAfterMs ?? Math.max(pace.vanishMs, Math.min(hooksMs, graceMs));
}

function written(object: KubeObject, memory: PodMemory, stage: ContainerStage, now: Instant, notes: readonly Note[]): PodStep {
  return {
    memory,
    step: {
      changes: [statusWrite(object, statusPatch(object, stage, now), memory.stage)],
      notes: notes.map((note) => fromNode(object, note)),
      vanish: [],
      wakeAt: memory.dueAt,
    },
    log: [],
  };
}

const statusWrite = (object: KubeObject, body: unknown, why: string): Change => ({
  type: 'patch',
  ref: refOf(POD, object),
  patchType: 'merge',
  subresource: 'status',
  body,
  why,
});

const fromNode = (about: KubeObject, note: Note): Announcement => {
  const host = podOf(about).spec.nodeName;
  return { about, note, reporter: 'kubelet', ...(host === undefined ? {} : { host }) };
};

const longer = (waitMs: number, pace: Pace, rng: Rng): number => Math.round(waitMs * (1 + pace.jitter * rng.next()));
