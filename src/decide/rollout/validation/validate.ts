// Whether a rollout can be driven as it is written, and whether what it refers to is there.

import type { Pass } from '../pass.js';
import { unsupported } from '../support.js';
import { blueGreenProblem } from './blue-green.js';
import { canaryProblems } from './canary.js';
import { invalid, problemsOf, required } from './field-error.js';
import { referenceProblems } from './references.js';
import { selectorProblem } from './selector.js';
import { templateProblem } from './template.js';

/** The first problem, as a field error; undefined when there is none. It is the one to mend first. */
export function validate(pass: Pass): string | undefined {
  for (const problem of problems(pass)) return problem;
  return undefined;
}

/** All problems, for those who mend a file. */
export function problems(pass: Pass): Iterable<string> {
  const { spec } = pass.rollout;
  return problemsOf([
    () => (spec.replicas !== undefined && spec.replicas < 0 ? invalid('spec.replicas', spec.replicas, 'must be greater than or equal to 0') : undefined),
    () => selectorProblem(pass),
    () => templateProblem(pass),
    () => negative('spec.minReadySeconds', spec.minReadySeconds),
    () => negative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    () => negative('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds),
    () => deadlineProblem(pass),
    () => strategyProblem(pass),
    () => blueGreenProblem(pass),
    () => canaryProblems(pass),
    () => unsupportedProblem(pass),
    () => referenceProblems(pass),
  ]);
}

function negative(path: string, value: number | undefined): string | undefined {
  return value !== undefined && value < 0 ? invalid(path, value, 'must be greater than or equal to 0') : undefined;
}

function deadlineProblem(pass: Pass): string | undefined {
  const { progressDeadlineSeconds = 600, minReadySeconds = 0 } = pass.rollout.spec;
  return progressDeadlineSeconds <= minReadySeconds
    ? invalid('spec.progressDeadlineSeconds', progressDeadlineSeconds, 'must be greater than minReadySeconds')
    : undefined;
}

function strategyProblem(pass: Pass): string | undefined {
  const { canary, blueGreen } = pass.rollout.spec.strategy ?? {};
  const path = 'spec.strategy.strategy';
  const missing = "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'";
  if (canary === undefined && blueGreen === undefined) return required(path, missing);
  const both = canary !== undefined && blueGreen !== undefined;
  return both ? invalid(path, 'blueGreen: true canary: true', 'Multiple Strategies can not be listed') : undefined;
}

function unsupportedProblem(pass: Pass): string | undefined {
  const reason = unsupported(pass.rollout, pass.seen.plugins);
  return reason === undefined ? undefined : `spec.strategy: Forbidden: ${reason}`;
}
