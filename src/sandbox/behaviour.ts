// How an app of the pretend world behaves: from its image's tag, a table of the scenario, and annotations, the last winning.
// Annotations of the pod template (all begin with "sandbox.sluice.dev/"):
//   ready-after: 3s       ready that long after its container has started    pull: never         the image can not be pulled
//   crash: loop           the container ends again and again                 error-percent: "30" that share of requests gets a 500
//   slow-factor: "5"      requests take that many times as long              answer: '{"color":"red"}'  fields of its HTTP answer
//   schedule: never       no node takes the pod                              mount: never        a volume can not be mounted
//   config: missing       a ConfigMap that its environment names is missing  init: crash         the first init container fails again and again
//   ready: never          its readiness probe fails for ever
// Words by which simulated clusters are told to fail and to wait mean the same here; test suites for real ones use them too:
//   images *:bad, *:error, *does-not-exist, *-argo-error; command /bad-command*; annotations kwok-ready-delay, kwok-delete-delay: 3s

import { isRecord } from '../lib/deep.js';
import { parseGoDuration } from '../lib/go-duration.js';
import type { Pod } from '../kinds/pod.js';

export const ANNOTATION_PREFIX = 'sandbox.sluice.dev/';

export type Behaviour = {
  /** From the start of the container to Ready; undefined: as the probe and the pace of the sandbox say. */
  readonly readyAfterMs?: number | undefined;
  /** From binding to the start of the container. */
  readonly startAfterMs?: number | undefined;
  /** From deletion to the end. */
  readonly vanishAfterMs?: number | undefined;
  readonly pull?: 'never' | undefined;
  readonly crash?: 'loop' | undefined;
  readonly schedule?: 'never' | undefined;
  readonly mount?: 'never' | undefined;
  readonly config?: 'missing' | undefined;
  readonly init?: 'crash' | undefined;
  readonly ready?: 'never' | undefined;
  readonly errorPercent?: number | undefined;
  readonly slowFactor?: number | undefined;
  /** Merged into the app's JSON answer: {"color":"black","status":"nok"}. */
  readonly answer?: Readonly<Record<string, string>> | undefined;
};

/** Image pattern ("*" stands for any text, as in "myapp:v3" or "*:1.16.5") → how pods with that image behave. */
export type BehaviourTable = Readonly<Record<string, Behaviour>>;

/** What a healthy version shows: a few errors, so that series of failures exist. */
export const HEALTHY_ERROR_PERCENT = 0.3;

const NEVER_PULLS = /(?:does-not-exist|-argo-error|:bad|:error)$/;
const BAD_COMMAND = /^\/bad-command/;
const START_DELAY = 'kwok-ready-delay';
const DELETE_DELAY = 'kwok-delete-delay';

export function behaviourOf(pod: Pod, table: BehaviourTable): Behaviour {
  const image = pod.spec.containers[0]?.image ?? '';
  const failing: Behaviour = {
    ...(pod.spec.containers.some((container) => NEVER_PULLS.test(container.image ?? '')) ? { pull: 'never' } : {}),
    ...(pod.spec.containers.some((container) => BAD_COMMAND.test(container.command?.[0] ?? '')) ? { crash: 'loop' } : {}),
  };
  const listed = Object.entries(table)
    .filter(([pattern]) => matches(pattern, image))
    .map(([, behaviour]) => behaviour);
  return Object.assign({}, failing, ...listed, annotated(pod.metadata.annotations ?? {})) as Behaviour;
}

function matches(pattern: string, image: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(image);
}

function annotated(annotations: Readonly<Record<string, string>>): Behaviour {
  const read = (key: string): string | undefined => annotations[`${ANNOTATION_PREFIX}${key}`];
  const wait = (text: string | undefined): number | undefined => {
    const waitMs = parseGoDuration(text ?? '');
    return waitMs === undefined ? undefined : Math.max(0, waitMs);
  };
  const readyAfterMs = wait(read('ready-after'));
  const startAfterMs = wait(annotations[START_DELAY]);
  const vanishAfterMs = wait(annotations[DELETE_DELAY]);
  const errorPercent = numberOf(read('error-percent'));
  const slowFactor = numberOf(read('slow-factor'));
  const answer = answerOf(read('answer'));
  return {
    ...(readyAfterMs === undefined ? {} : { readyAfterMs }),
    ...(startAfterMs === undefined ? {} : { startAfterMs }),
    ...(vanishAfterMs === undefined ? {} : { vanishAfterMs }),
    ...(read('pull') === 'never' ? { pull: 'never' } : {}),
    ...(read('crash') === 'loop' ? { crash: 'loop' } : {}),
    ...(read('schedule') === 'never' ? { schedule: 'never' } : {}),
    ...(read('mount') === 'never' ? { mount: 'never' } : {}),
    ...(read('config') === 'missing' ? { config: 'missing' } : {}),
    ...(read('init') === 'crash' ? { init: 'crash' } : {}),
    ...(read('ready') === 'never' ? { ready: 'never' } : {}),
    ...(errorPercent === undefined ? {} : { errorPercent: Math.min(100, errorPercent) }),
    ...(slowFactor === undefined ? {} : { slowFactor }),
    ...(answer === undefined ? {} : { answer }),
  };
}

function numberOf(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text.replace(/%$/, ''));
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

function answerOf(text: string | undefined): Readonly<Record<string, string>> | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, String(value)])) : undefined;
  } catch {
    // A person's slip in an annotation must not stop the pretend world; the app simply has no further fields.
    return undefined;
  }
}
