// The steps of a canary in words, the weight that each asks for, and what lies between here and the end.

import { parseGoDuration } from '../lib/go-duration.js';
import { at, flagAt, hasAt, listAt, numberAt, textAt } from '../lib/read.js';

/** A pause's length in milliseconds; undefined when it waits for a person or is not a duration. */
export function pauseMs(step: unknown): number | undefined {
  const duration = at(step, 'pause', 'duration');
  if (typeof duration === 'number') return duration * 1000;
  if (typeof duration !== 'string') return undefined;
  return /^\d+$/.test(duration) ? Number(duration) * 1000 : parseGoDuration(duration);
}

export function isPause(step: unknown): boolean {
  return typeof step === 'object' && step !== null && 'pause' in step;
}

/** A pause without an end: it waits for a person. */
export function isOpenPause(step: unknown): boolean {
  return isPause(step) && at(step, 'pause', 'duration') === undefined;
}

export function analysisNames(analysis: unknown): string {
  const names = listAt(analysis, 'templates').map((template) => textAt(template, 'templateName') ?? '?');
  return names.join(', ');
}

function describeScale(step: unknown): string {
  if (flagAt(step, 'setCanaryScale', 'matchTrafficWeight')) return 'canary scale as traffic';
  const replicas = numberAt(step, 'setCanaryScale', 'replicas');
  if (replicas !== undefined) return `canary scale ${replicas} pods`;
  return `canary scale ${numberAt(step, 'setCanaryScale', 'weight') ?? '?'} %`;
}

/** As written, without the parts that are nothing: "1m" for "1m0s", "30s" for 30. */
function durationText(duration: unknown): string {
  if (typeof duration !== 'string') return `${String(duration)}s`;
  return duration.replace(/^(.*\d[hm])0s$/, '$1').replace(/^(.*\dh)0m$/, '$1');
}

/** "setWeight 20", "pause 10m", "pause for a person", "analysis success-rate". */
export function describeStep(step: unknown): string {
  if (hasAt(step, 'setWeight')) return `setWeight ${numberAt(step, 'setWeight') ?? '?'}`;
  if (isOpenPause(step)) return 'pause for a person';
  if (isPause(step)) return `pause ${durationText(at(step, 'pause', 'duration'))}`;
  if (hasAt(step, 'analysis')) return `analysis ${analysisNames(at(step, 'analysis'))}`;
  if (hasAt(step, 'setCanaryScale')) return describeScale(step);
  if (hasAt(step, 'experiment')) return 'experiment';
  if (hasAt(step, 'setHeaderRoute')) return `header route ${textAt(step, 'setHeaderRoute', 'name') ?? '?'}`;
  if (hasAt(step, 'setMirrorRoute')) return `mirror route ${textAt(step, 'setMirrorRoute', 'name') ?? '?'}`;
  if (hasAt(step, 'plugin')) return `plugin ${textAt(step, 'plugin', 'name') ?? '?'}`;
  return 'unknown step';
}

/** The weight in force at a step: the last setWeight up to and with it, 0 before the first one, the maximum behind the last step. */
export function weightAt(steps: readonly unknown[], index: number, maximum: number): number {
  if (index >= steps.length) return maximum;
  for (let place = index; place >= 0; place -= 1) {
    const weight = numberAt(steps[place], 'setWeight');
    if (weight !== undefined) return weight;
  }
  return 0;
}
