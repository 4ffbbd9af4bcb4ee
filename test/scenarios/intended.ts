// Where a play is meant to differ from its recording, and why. Each path must still be needed: recordings.test.ts looks.

import type { Finding } from './compare.js';
import type { Trace } from './trace.js';

export type Intended = { readonly trace: string; readonly reason: string; readonly paths: readonly RegExp[] };

export const INTENDED: readonly Intended[] = [
  {
    trace: 'analysis-background-inconclusive-76',
    reason: 'a pause lasts at least as long as it says (the recorded one ends up to a second early), so the person acts while it still holds',
    paths: [/^Rollout\/gate\.phase lacks a value$/, /^Rollout\/gate\.flags lacks a value$/],
  },
  {
    trace: 'analysis-standalone-85',
    reason: 'a source that repeats its secret does not get it written: the value is masked',
    paths: [/^AnalysisRun\/secret status\.metricResults\[0\]\.measurements\[0\]\.value$/],
  },
  {
    trace: 'routers-alb-61',
    reason: 'nothing is written about managed routes before there are any, weights and routes that change together are one write, and the event names the route',
    paths: [/^Ingress\/mill-alb\.route lacks a value$/, /^Rollout\/mill never seen$/, /^Rollout\/mill order$/],
  },
  {
    trace: 'basic-spec-paused-17',
    reason: 'a race of the recording: what is seen depends on how fast the command that pauses is started',
    paths: [/^before action 4: ReplicaSet\/mill-<hash:rev1>\.spec$/, /^Rollout\/mill order$/],
  },
  {
    trace: 'istio-spec-paused-56',
    reason: 'a race of the recording: what is seen depends on how fast the command that pauses is started',
    paths: [/^before action 2: Rollout\/shop\.(conditions|controllerPause|message|pause|phase)$/, /^Rollout\/shop\.phase lacks a value$/, /^Rollout\/shop\.flags lacks a value$/, /^Rollout\/shop order$/],
  },
  {
    trace: 'bluegreen-abort-unready-preview-98',
    reason: 'an abort takes the users back although a new pod is not ready; the recorded one leaves the active Service without any pods',
    paths: [
      /^Rollout\/till status\.(HPAReplicas|availableReplicas|readyReplicas|blueGreen\.activeSelector|selector|conditions\[0\]\.(message|status))$/,
      /^Service\/till-active spec\.selector/,
      /^before action 4: (Rollout\/till\.(active|conditions\[0\]|counts\.(available|hpa))|Service\/till-active\.)/,
      /^end: (Rollout\/till\.(active|conditions\[0\]|counts\.(available|hpa))|Service\/till-active\.)/,
      /^Rollout\/till never seen$/,
    ],
  },
  {
    trace: 'bluegreen-post-retry-early-130',
    reason: 'a retry measures again; the recorded one takes the run that the abort has ended for a success, and promotes',
    paths: [/-2-post\.1\b/, /postPromotion/, /^Rollout\/till\.analysis has a value never seen$/, /^Rollout\/till is missing$/, /^Rollout\/till never seen$/],
  },
  {
    trace: 'bluegreen-service-lost-107',
    reason: 'a Service that is lost or comes back is seen at once; the recorded one waits for some other event',
    paths: [
      /^before action 3: Rollout\/till\.(conditions|message|phase)$/,
      /^before action 4: Service\/till-preview/,
      /^Rollout\/till\.phase has a value never seen$/,
      /^Rollout\/till\.condition\.InvalidSpec exists$/,
    ],
  },
  {
    trace: 'experiment-inconclusive-110',
    reason: 'a race of the recording: what is seen depends on how fast the person acts on the pause',
    paths: [/^before action 2: Rollout\/duel\.conditions$/],
  },
  {
    trace: 'experiment-standalone-113',
    reason: 'an experiment whose required analyses are done ends; the recorded one stays Running for ever',
    paths: [/^Experiment\/trial\.phase has a value never seen$/, /^Experiment\/trial status\./, /^Experiment\/trial never seen$/, /^end: Experiment\/trial$/],
  },
  {
    trace: 'experiment-step-optional-analysis-137',
    reason: 'an experiment without a duration ends with its analyses; the recorded one waits until somebody ends it',
    paths: [/^Experiment\/.* spec\.terminate$/, /^Rollout\/duel never seen$/],
  },
];

/** Recordings that wait for something which must not be so; each is named with what is waited for instead. */
const WAITS_OTHERWISE: Readonly<Record<string, Partial<Trace>>> = {
  // The recorded Experiment stays Running for ever although its required analysis is done.
  'experiment-standalone-113': { end: { quiet: 5, all: { 'Experiment/trial': { phase: 'Successful' }, 'ReplicaSet/trial-left': { spec: 0, replicas: 0 } } } },
};

/** Recordings in which a person ends by hand what does not end by itself; ours has ended, and nobody is needed. */
const WITHOUT_A_HAND: Readonly<Record<string, number>> = { 'experiment-step-optional-analysis-137': 2 };

export function asPlayed(trace: Trace): Trace {
  const without = WITHOUT_A_HAND[trace.id];
  return { ...trace, ...WAITS_OTHERWISE[trace.id], ...(without === undefined ? {} : { actions: trace.actions.filter((_, index) => index + 1 !== without) }) };
}

/** What means this finding; undefined when nothing does. What was never reached is never meant. */
export function meaning(id: string, { found, path }: Finding): RegExp | undefined {
  if (found === 'stuck') return undefined;
  return INTENDED.filter(({ trace }) => trace === id).flatMap(({ paths }) => paths).find((each) => each.test(path));
}
