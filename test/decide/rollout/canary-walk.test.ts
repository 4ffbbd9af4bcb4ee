// A whole canary through decideRollout alone, in a world small enough to see through: objects in a list, pods that become ready when told.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideRollout } from '../../../src/decide/rollout/decide.js';
import type { Decision } from '../../../src/decide/rollout/observed.js';
import type { KubeObject } from '../../../src/kinds/kube-object.js';
import { replicaSetOf } from '../../../src/kinds/replica-set.js';
import { asRollout } from '../../../src/kinds/rollout.js';
import type { CanaryStrategy, Rollout, RolloutStatus } from '../../../src/kinds/rollout.js';
import { applyMergePatch } from '../../../src/lib/merge-patch.js';
import { aRollout, aSet, hash, midUpdate, NOW, observed, template } from './fixture.js';

type Small = {
  rollout(): Rollout;
  sizes(): Readonly<Record<string, number>>;
  notes: string[];
  edit(patch: object): void;
  /** Passes and ready pods until nothing changes. Returns the last decision. */
  settle(): Decision;
  at(time: number): void;
};

/** Passes until rest; a canary takes far fewer. */
const MOST_PASSES = 200;

function smallWorld(canary: CanaryStrategy, replicas: number): Small {
  const { status: _, ...fresh } = aRollout({ version: 1, replicas, canary });
  let rollout: KubeObject = { ...fresh, metadata: { ...fresh.metadata, annotations: {}, generation: 1 } };
  let sets: KubeObject[] = [];
  let now = NOW;
  const notes: string[] = [];
  const perform = (decision: Decision): number => {
    let writes = 0;
    for (const action of decision.actions) {
      if (action.type === 'note') notes.push(action.note.message);
      if (action.type === 'create') sets.push({ ...action.object, metadata: { ...action.object.metadata, uid: action.object.metadata.name, creationTimestamp: new Date(now + sets.length * 1000).toISOString() } });
      if (action.type === 'patch') {
        const patched = (object: KubeObject): KubeObject => applyMergePatch(object, action.body) as KubeObject;
        if (action.ref.type.kind === 'Rollout') rollout = patched(rollout);
        else sets = sets.map((set) => (set.metadata.name === action.ref.name ? patched(set) : set));
      }
      if (action.type !== 'note') writes += 1;
    }
    return writes;
  };
  const grow = (): boolean => {
    const before = JSON.stringify(sets);
    sets = sets.map((set) => {
      const size = replicaSetOf(set).spec.replicas ?? 0;
      return { ...set, status: { replicas: size, readyReplicas: size, availableReplicas: size } };
    });
    return JSON.stringify(sets) !== before;
  };
  return {
    notes,
    rollout: () => asRollout(rollout),
    sizes: () => Object.fromEntries(sets.map((set) => [set.metadata.name, replicaSetOf(set).spec.replicas ?? 0])),
    edit(patch) {
      rollout = applyMergePatch(rollout, patch) as KubeObject;
      if ('spec' in patch) rollout = { ...rollout, metadata: { ...rollout.metadata, generation: (rollout.metadata.generation ?? 0) + 1 } };
    },
    at: (time) => { now = time; },
    settle() {
      for (let passes = 0; passes < MOST_PASSES; passes += 1) {
        const decision = decideRollout(observed(asRollout(rollout), sets.map(replicaSetOf)), now);
        if (perform(decision) === 0 && !grow()) return decision;
      }
      throw new Error('the rollout never comes to rest');
    },
  };
}

const CANARY: CanaryStrategy = { maxSurge: 1, maxUnavailable: 0, steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: { duration: 30 } }] };
const V1 = `shop-${hash(1)}`;
const V2 = `shop-${hash(2)}`;

function released(): Small {
  const world = smallWorld(CANARY, 4);
  world.settle();
  world.edit({ spec: { template: template(2) } });
  world.settle();
  return world;
}

describe('a canary', () => {
  it('starts with its first version, whole and without steps', () => {
    const world = smallWorld(CANARY, 4);
    assert.equal(world.settle().situation.type, 'stable');
    assert.deepEqual([world.rollout().status?.phase, world.rollout().status?.currentStepIndex, world.sizes()], ['Healthy', 4, { [V1]: 4 }]);
  });

  it('waits at a pause for a person', () => {
    const world = released();
    assert.deepEqual([world.rollout().status?.phase, world.rollout().status?.message, world.sizes()], ['Paused', 'CanaryPauseStep', { [V1]: 3, [V2]: 1 }]);
  });

  it('goes on when somebody promotes, and by itself when the time is over', () => {
    const world = released();
    world.edit({ status: { pauseConditions: null } });
    assert.equal(world.settle().wakeAt, NOW + 30_000);
    assert.deepEqual(world.sizes(), { [V1]: 2, [V2]: 2 });
    world.at(NOW + 29_999);
    assert.equal(world.settle().situation.type, 'paused');
    world.at(NOW + 30_000);
    assert.equal(world.settle().situation.type, 'stable');
    assert.deepEqual([world.rollout().status?.phase, world.rollout().status?.stableRS, world.sizes()], ['Healthy', hash(2), { [V1]: 0, [V2]: 4 }]);
    assert.equal(world.notes.at(-1), `Rollout completed update to revision 2 (${hash(2)}): Completed all 4 canary steps`);
  });

  it('comes back after an abort, and says so', () => {
    const world = released();
    world.edit({ status: { abort: true } });
    const { situation } = world.settle();
    assert.deepEqual([situation.type, world.rollout().status?.phase, world.rollout().status?.currentStepIndex, world.sizes()], ['aborted', 'Degraded', 0, { [V1]: 4, [V2]: 0 }]);
  });

  it('stays aborted on the way back within the rollback window, and goes on when it is tried again', () => {
    const back = (more: Partial<RolloutStatus>): RolloutStatus => {
      const status = { ...midUpdate(CANARY, 4), stableRS: hash(2), currentPodHash: hash(1), ...more };
      const rollout = aRollout({ version: 1, replicas: 4, canary: CANARY, spec: { rollbackWindow: { revisions: 1 } }, status });
      return decideRollout(observed(rollout, [aSet(1, { size: 1, available: 0, desired: 4 }), aSet(2, { size: 4, desired: 4 })]), NOW).status;
    };
    const aborted = back({ abort: true });
    assert.deepEqual([aborted.abort, aborted.currentStepIndex, aborted.phase, aborted.message], [true, 0, 'Degraded', 'RolloutAborted: Rollout aborted update to revision 3']);
    const again = back({ abort: false, abortedAt: aborted.abortedAt, currentStepIndex: 0 });
    assert.deepEqual([again.abort, again.abortedAt, again.currentStepIndex], [undefined, undefined, 4]);
  });

  it('begins anew when it is tried again', () => {
    const world = released();
    world.edit({ status: { abort: true } });
    world.settle();
    world.edit({ status: { abort: false } });
    world.settle();
    assert.deepEqual([world.rollout().status?.phase, world.rollout().status?.currentStepIndex, world.rollout().status?.abortedAt], ['Paused', 1, undefined]);
  });

  it('is done at once in a full promotion', () => {
    const world = released();
    world.edit({ status: { promoteFull: true } });
    world.settle();
    assert.deepEqual([world.rollout().status?.phase, world.rollout().status?.stableRS, world.rollout().status?.promoteFull], ['Healthy', hash(2), undefined]);
  });

  it('is not stable by pods that a smaller size has let go', () => {
    const stableBy = (observedOf: number): string | undefined => {
      const rollout = aRollout({ version: 2, replicas: 4, canary: CANARY, status: midUpdate(CANARY, 4) });
      return decideRollout(observed(rollout, [aSet(1, { size: 0, desired: 4 }), aSet(2, { size: 4, desired: 4, generation: 3, observed: observedOf })]), NOW).status.stableRS;
    };
    assert.deepEqual([stableBy(2), stableBy(3)], [hash(1), hash(2)]);
  });

  it('skips the steps when the stable template comes back', () => {
    const world = released();
    world.edit({ spec: { template: template(1) } });
    world.settle();
    assert.deepEqual([world.rollout().status?.phase, world.sizes(), world.notes.includes('Rollback to stable ReplicaSets')], ['Healthy', { [V1]: 4, [V2]: 0 }, true]);
    assert.equal(world.rollout().metadata.annotations?.['rollout.argoproj.io/revision'], '3');
  });

  it('starts over with a third version', () => {
    const world = released();
    world.edit({ spec: { template: template(3) } });
    world.settle();
    assert.deepEqual([world.rollout().status?.currentPodHash, world.rollout().status?.currentStepIndex, world.sizes()], [hash(3), 1, { [V1]: 3, [V2]: 0, [`shop-${hash(3)}`]: 1 }]);
  });

  it('keeps its share when the number of replicas changes', () => {
    const world = released();
    world.edit({ spec: { replicas: 8 } });
    world.settle();
    assert.deepEqual([world.rollout().status?.phase, world.sizes()], ['Paused', { [V1]: 6, [V2]: 2 }]);
  });

  it('moves no pod while it is paused by hand', () => {
    const world = smallWorld(CANARY, 4);
    world.settle();
    world.edit({ spec: { paused: true, template: template(2) } });
    world.settle();
    assert.deepEqual([world.rollout().status?.message, world.sizes()], ['manually paused', { [V1]: 4, [V2]: 0 }]);
  });

  it('stops where it is when its spec is broken, and says why', () => {
    const world = released();
    world.edit({ spec: { strategy: { canary: { steps: [{ setWeight: 101 }] } } } });
    assert.equal(world.settle().situation.type, 'invalid');
    assert.deepEqual(world.sizes(), { [V1]: 3, [V2]: 1 });
    assert.match(world.rollout().status?.message ?? '', /steps\[0\]\.setWeight: Invalid value: 101: SetWeight needs to be between 0 and 100/);
  });

  it('is refused, untouched, when it asks for what this engine does not do', () => {
    const world = released();
    world.edit({ spec: { strategy: { canary: { steps: [{ plugin: { name: 'x' } }] } } } });
    world.settle();
    assert.match(world.rollout().status?.message ?? '', /this engine has no step plugin 'x'/);
    assert.deepEqual(world.sizes(), { [V1]: 3, [V2]: 1 });
  });
});
