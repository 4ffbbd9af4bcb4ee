import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Action } from '../../../src/decide/rollout/observed.js';
import { withoutRepeats } from '../../../src/decide/rollout/repeats.js';
import { ROLLOUT } from '../../../src/kinds/resource-type.js';

const patch = (status: object): Action => ({ type: 'patch', ref: { type: ROLLOUT, namespace: 'mall', name: 'shop' }, patchType: 'merge', subresource: 'status', body: { status }, why: '' });
const said = (...statuses: readonly object[]): readonly unknown[] => withoutRepeats(statuses.map(patch)).map((action) => (action.type === 'patch' ? (action.body as { status: object }).status : action));

describe('what a pass has written once', () => {
  it('is not written again', () => assert.deepEqual(said({ phase: 'Paused', message: 'x' }, { phase: 'Paused' }), [{ phase: 'Paused', message: 'x' }]));
  it('nor taken away again', () => assert.deepEqual(said({ message: null }, { message: null, replicas: 2 }), [{ message: null }, { replicas: 2 }]));
  it('unless it has changed', () => assert.deepEqual(said({ phase: 'Paused' }, { phase: 'Healthy' }, { phase: 'Paused' }), [{ phase: 'Paused' }, { phase: 'Healthy' }, { phase: 'Paused' }]));
});
