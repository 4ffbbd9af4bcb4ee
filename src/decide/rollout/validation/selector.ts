// The rules of a rollout's selector.

import type { LabelSelector } from '../../../kinds/kube-object.js';
import type { Pass } from '../pass.js';
import { invalid, required } from './field-error.js';

export function selectorProblem(pass: Pass): string | undefined {
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
