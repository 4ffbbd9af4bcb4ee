// Whose step it is, by what the server remembers of writers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayBeUnseenGate } from '../../src/controllers/step-by-hand.js';
import { FIELD_MANAGER } from '../../src/controllers/apply.js';
import { asRollout } from '../../src/kinds/rollout.js';

const entry = (manager: string, ...fields: readonly string[]): object => ({ manager, operation: 'Update', subresource: 'status', fieldsV1: { 'f:status': Object.fromEntries(fields.map((field) => [`f:${field}`, {}])) } });
const PAUSE = [{ reason: 'CanaryPauseStep', startTime: '2026-11-21T10:00:00Z' }];

const cases: readonly (readonly [what: string, status: object, managedFields: readonly object[] | undefined, unseen: boolean])[] = [
  ['the step is a person’s, and a pause was let go on', { controllerPause: true }, [entry(FIELD_MANAGER, 'controllerPause'), entry('kubectl-argo-rollouts', 'currentStepIndex')], true],
  ['the same with an empty list of pauses', { controllerPause: true, pauseConditions: [] }, [entry('kubectl-argo-rollouts', 'currentStepIndex')], true],
  ['the step is an engine’s', { controllerPause: true }, [entry(FIELD_MANAGER, 'currentStepIndex', 'controllerPause')], false],
  ['an engine has confirmed it', { controllerPause: true }, [entry('sluice', 'currentStepIndex'), entry(FIELD_MANAGER, 'currentStepIndex')], false],
  ['the pause is held', { controllerPause: true, pauseConditions: PAUSE }, [entry('sluice', 'currentStepIndex')], false],
  ['nothing was paused', {}, [entry('sluice', 'currentStepIndex')], false],
  ['a server that remembers nobody', { controllerPause: true }, undefined, false],
];
for (const [what, status, managedFields, unseen] of cases) {
  test(what, () => {
    const object = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'shop', ...(managedFields === undefined ? {} : { managedFields }) }, spec: {}, status: { currentStepIndex: 3, ...status } };
    assert.equal(mayBeUnseenGate(asRollout(object)), unseen);
  });
}
