import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { releaseService } from '../../../src/decide/rollout/release.js';
import { releaseRule } from '../../../src/routers/istio/release.js';
import { destinationRule } from '../../routers/istio-fixture.js';
import { aRollout, aService, hash, HASH_LABEL } from './fixture.js';

const narrowed = aService('shop-stable', { [HASH_LABEL]: hash(1) });

describe('a Service', () => {
  const kept = aRollout({ canary: { stableService: 'shop-stable' } });
  it('stays with the rollout that names it', () => assert.deepEqual(releaseService(narrowed, kept), []));
  it('selects all pods again when its rollout is gone', () => {
    assert.deepEqual(releaseService(narrowed, undefined).map((change) => (change.type === 'patch' ? change.body : undefined)), [
      { metadata: { annotations: { 'argo-rollouts.argoproj.io/managed-by-rollouts': null } }, spec: { selector: { [HASH_LABEL]: null } } },
    ]);
  });
  it('and when its rollout names another', () => assert.equal(releaseService(narrowed, aRollout({ canary: { stableService: 'other' } })).length, 1));
  it('is not touched when nobody says whose it is', () => assert.deepEqual(releaseService(aService('shop-stable', { [HASH_LABEL]: 'x' }, false), undefined), []));
  it('is not touched when it selects no version', () => assert.deepEqual(releaseService(aService('shop-stable', {}), undefined), []));
});

describe('a DestinationRule', () => {
  const marked = {
    ...destinationRule,
    metadata: { ...destinationRule.metadata, annotations: { 'argo-rollouts.argoproj.io/managed-by-rollouts': 'shop', mine: 'x' } },
    spec: { host: 'shop', subsets: [{ name: 'old', labels: { app: 'shop', [HASH_LABEL]: 'a' } }] },
  };
  it('loses its marks with its rollout, and nothing else', () => {
    const [change] = releaseRule(marked, undefined);
    assert.ok(change?.type === 'update');
    assert.deepEqual([change.object.metadata.annotations, change.object['spec']], [{ mine: 'x' }, { host: 'shop', subsets: [{ name: 'old', labels: { app: 'shop' } }] }]);
  });
  it('without marks is nobody\'s', () => assert.deepEqual(releaseRule(destinationRule, undefined), []));
});
