// Whether a rollout can be driven as it is written, and whether what it refers to is there.

import type { LabelSelector } from '../../../kinds/kube-object.js';
import type { Pass } from '../pass.js';
import { unsupported } from '../support.js';
import { blueGreenProblem } from './blue-green.js';
import { canaryProblem } from './canary.js';
import { firstOf, invalid, required } from './field-error.js';
import { referenceProblem } from './references.js';
import { templateProblem } from './template.js';

/** The first problem, as a field error; undefined when there is none. */
export function validate(pass: Pass): string | undefined {
  const { spec } = pass.rollout;
  return firstOf([
    () => (spec.replicas !== undefined && spec.replicas < 0 ? invalid('spec.replicas', spec.replicas, 'must be greater than or equal to 0') : undefined),
    () => selectorProblem(pass),
    () => templateProblem(pass),
    () => negative('spec.minReadySeconds', spec.minReadySeconds),
    () => negative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    () => negative('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds),
    () => deadlineProblem(pass),
    () => strategyProblem(pass),
    () => blueGreenProblem(pass),
    () => canaryProblem(pass),
    () => unsupportedProblem(pass),
    () => referenceProblem(pass),
  ]);
}

function selectorProblem(pass: Pass): string | undefined {
  const { selector, workloadRef } = pass.rollout.spec;
  if (selector === undefined) return workloadRef === undefined ? required('spec.selector', "Rollout has missing field '.spec.selector'") : undefined;
  const empty = Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;
  return empty ? invalid('spec.selector', {}, 'empty selector is invalid for deployment') : expressionProblem(selector);
}

const LISTED = ['In', 'NotIn'];
const UNLISTED = ['Exists', 'DoesNotExist'];

/** In the words of the API server, which checks the selectors of its own kinds. */
function expressionProblem({ matchExpressions = [] }: LabelSelector): string | undefined {
  for (const [index, { operator, values = [] }] of matchExpressions.entries()) {
    const path = `spec.selector.matchExpressions[${index}]`;
    if (LISTED.includes(operator) && values.length === 0) return required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
    if (UNLISTED.includes(operator) && values.length > 0)
      return `${path}.values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`;
    if (![...LISTED, ...UNLISTED].includes(operator)) return invalid(`${path}.operator`, operator, 'not a valid selector operator');
  }
  return undefined;
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
