// Where a play is meant to differ from its recording, and why. Each path must still be needed: recordings.test.ts looks.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from './compare.js';
import type { Trace } from './trace.js';

/** In the form that players of recordings outside of this process are told in; `only: "outside"` is for those alone, who can not wait otherwise. */
export type Intended = { readonly trace: string; readonly class?: string; readonly path: string; readonly reason: string; readonly only?: 'outside' };

const FILE = path.join(process.env['SLUICE_ROOT'] ?? '.', 'test', 'scenarios', 'intended.json');

export const INTENDED: readonly Intended[] = (JSON.parse(readFileSync(FILE, 'utf8')) as readonly Intended[]).filter(({ only }) => only === undefined);

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
export function meaning(id: string, finding: Finding): Intended | undefined {
  if (finding.found === 'stuck') return undefined;
  return INTENDED.find((each) => (each.class ?? finding.found) === finding.found && new RegExp(each.trace).test(id) && new RegExp(each.path).test(finding.path));
}
