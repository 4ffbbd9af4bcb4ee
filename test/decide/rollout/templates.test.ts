import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adoptSets } from '../../../src/decide/rollout/adoption.js';
import { injectedAntiAffinity, removeAntiAffinity, withAntiAffinity } from '../../../src/decide/rollout/anti-affinity.js';
import { metadataChanges } from '../../../src/decide/rollout/metadata.js';
import { addMetadata, recordedMetadata, removeMetadata, writeRecord } from '../../../src/decide/rollout/pod-metadata.js';
import { createNewest, newReplicaSet, syncRevision } from '../../../src/decide/rollout/revision.js';
import { sameTemplate } from '../../../src/decide/rollout/same-template.js';
import { formatSelector } from '../../../src/decide/rollout/selector.js';
import { matchesSelector } from '../../../src/kinds/label-selector.js';
import type { PodTemplateSpec } from '../../../src/kinds/pod-template.js';
import type { CanaryStrategy } from '../../../src/kinds/rollout.js';
import { deepFreeze } from '../../../src/lib/deep.js';
import { aPass, aRollout, aSet, hash, HASH_LABEL, midUpdate, template } from './fixture.js';

describe('a new ReplicaSet', () => {
  const canary: CanaryStrategy = { canaryMetadata: { labels: { part: 'canary' } } };
  const rollout = { ...aRollout({ canary, status: midUpdate(canary, 0) }), metadata: { ...aRollout().metadata, annotations: { team: 'a', 'rollout.argoproj.io/revision': '1' } } };
  const pass = aPass(rollout, [aSet(1, { size: 10 })]);
  const made = newReplicaSet(pass);
  it('is named by its template', () => assert.equal(made.metadata.name, `shop-${hash(2)}`));
  it('starts empty, with the next revision and the annotations of the rollout', () => {
    assert.deepEqual(made.metadata.annotations, {
      team: 'a', 'rollout.argoproj.io/ephemeral-metadata': '{"labels":{"part":"canary"}}', 'rollout.argoproj.io/revision': '2', 'rollout.argoproj.io/desired-replicas': '10',
    });
  });
  it('carries the hash where pods, selectors and people look for it', () => {
    const spec = made['spec'] as { replicas: number; selector: unknown; template: unknown };
    assert.deepEqual([made.metadata.labels, spec.replicas, spec.selector], [{ app: 'shop', [HASH_LABEL]: hash(2) }, 0, { matchLabels: { app: 'shop', [HASH_LABEL]: hash(2) } }]);
  });
  it('is told of', () => {
    const notes = createNewest(pass).flatMap((action) => (action.type === 'note' ? [action.note.message] : []));
    assert.deepEqual(notes, ['Rollout updated to revision 2', `Created ReplicaSet shop-${hash(2)} (revision 2)`]);
  });
});

describe('a template that comes back', () => {
  const rollout = { ...aRollout({ version: 1, status: midUpdate({}, 0) }) };
  const synced = syncRevision(aPass(rollout, [aSet(1), aSet(2, { size: 10 })]));
  it('gets the next number and remembers its old one', () => {
    const [change] = synced.actions;
    assert.deepEqual(change?.type === 'patch' ? change.body : undefined, { metadata: { annotations: { 'rollout.argoproj.io/revision': '3', 'rollout.argoproj.io/revision-history': '1' } } });
  });
  it('remembers it too when only an annotation of the rollout has changed, as the other engine does', () => {
    const base = aRollout({ version: 2, status: midUpdate({}, 0) });
    const annotated = { ...base, metadata: { ...base.metadata, annotations: { ...base.metadata.annotations, team: 'a' } } };
    const [change] = syncRevision(aPass(annotated, [aSet(1), aSet(2, { size: 10 })])).actions;
    assert.deepEqual(change?.type === 'patch' ? change.body : undefined, { metadata: { annotations: { team: 'a', 'rollout.argoproj.io/revision-history': '2' } } });
  });
  it('goes by it at once', () => assert.equal(synced.pass.sets.newest?.metadata.annotations?.['rollout.argoproj.io/revision'], '3'));
});

describe('equal templates', () => {
  it('are equal after defaults, whatever the hash label says', () => {
    const stored = { ...aSet(1), spec: { ...aSet(1).spec, template: { ...template(1), metadata: { labels: { app: 'shop', [HASH_LABEL]: 'other' } }, spec: { containers: [{ name: 'main', image: 'reg.test/shop:1', resources: {} }], restartPolicy: 'Always' } } } };
    assert.equal(sameTemplate(stored, template(1)), true);
  });
  it('are not with another image', () => assert.equal(sameTemplate(aSet(1), template(2)), false));
  it('are in spite of what an engine has put in', () => {
    const metadata = { labels: { part: 'canary' }, annotations: {} };
    const set = aSet(1, { annotations: { 'rollout.argoproj.io/ephemeral-metadata': writeRecord(metadata) ?? '' } });
    const placed = withAntiAffinity(addMetadata(template(1), metadata), { requiredDuringSchedulingIgnoredDuringExecution: {} }, 'old', hash(1), 'mall');
    assert.equal(sameTemplate({ ...set, spec: { ...set.spec, template: placed } }, template(1)), true);
  });
});

describe('anti-affinity', () => {
  const wish = { preferredDuringSchedulingIgnoredDuringExecution: { weight: 10 } };
  const placed = withAntiAffinity(deepFreeze(template(2)), wish, 'old', 'new', 'mall');
  it('keeps away from the stable version', () => assert.equal(injectedAntiAffinity(placed), 'old'));
  it('leaves no trace when it is taken out', () => assert.deepEqual(removeAntiAffinity(placed), template(2)));
  it('follows the stable version in mid-update; a wish that comes or goes then is for the next version', () => {
    const canary: CanaryStrategy = { steps: [{ setWeight: 50 }], antiAffinity: wish };
    const rows = [[canary, 'old', hash(1)], [canary, hash(1), undefined], [canary, undefined, undefined], [{ steps: canary.steps }, hash(1), undefined]] as const;
    for (const [strategy, from, to] of rows) {
      const set = aSet(2, { size: 1 });
      const held = from === undefined ? set : { ...set, spec: { ...set.spec, template: withAntiAffinity(set.spec.template ?? {}, wish, from, hash(2), 'mall') } };
      const { actions } = syncRevision(aPass(aRollout({ canary: strategy, status: midUpdate(canary, 0) }), [aSet(1, { size: 9 }), held]));
      const templates = actions.flatMap((action) => (action.type === 'patch' && 'spec' in (action.body as object) ? [(action.body as { spec: { template?: PodTemplateSpec } }).spec.template] : []));
      assert.deepEqual(templates.map((template) => injectedAntiAffinity(template ?? {})), to === undefined ? [] : [to]);
    }
  });
  it('is not there once the version is stable itself', () => assert.equal(injectedAntiAffinity(withAntiAffinity(placed, wish, 'new', 'new', 'mall')), undefined));
});

describe('metadata of a part', () => {
  const metadata = { labels: { part: 'canary' }, annotations: { note: 'x' } };
  it('is recorded, labels first', () => assert.equal(writeRecord(metadata), '{"labels":{"part":"canary"},"annotations":{"note":"x"}}'));
  it('is taken out again', () => assert.deepEqual(removeMetadata(addMetadata(template(1), metadata), metadata), { ...template(1), metadata: { labels: { app: 'shop' }, annotations: {} } }));
  it('without a readable record is none', () => assert.deepEqual(recordedMetadata(aSet(1, { annotations: { 'rollout.argoproj.io/ephemeral-metadata': '{' } })), { labels: {}, annotations: {} }));
  it('changes with the part, for living pods too', () => {
    const canary: CanaryStrategy = { canaryMetadata: { labels: { part: 'canary' } }, stableMetadata: { labels: { part: 'stable' } } };
    const record = { annotations: { 'rollout.argoproj.io/ephemeral-metadata': '{"labels":{"part":"canary"}}' } };
    const set = aSet(2, { size: 1, ...record });
    const pod = {
      apiVersion: 'v1', kind: 'Pod', spec: { containers: [] },
      metadata: { name: 'p', namespace: 'mall', labels: { part: 'canary' }, ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: set.metadata.name, uid: set.metadata.uid ?? '', controller: true }] },
    };
    const changes = metadataChanges(aPass(aRollout({ canary, status: midUpdate(canary, 0, { stableRS: hash(2) }) }), [set], { pods: [pod] }));
    assert.deepEqual(changes.map((change) => [change.ref.type.kind, change.type === 'patch' ? change.body : undefined]), [
      ['Pod', { metadata: { labels: { part: 'stable' } } }],
      ['ReplicaSet', { metadata: { annotations: { 'rollout.argoproj.io/ephemeral-metadata': '{"labels":{"part":"stable"}}' } }, spec: { template: { metadata: { labels: { part: 'stable' } } } } }],
    ]);
  });
});

describe('ReplicaSets of the rollout', () => {
  const orphan = { ...aSet(1), metadata: { ...aSet(1).metadata, ownerReferences: [] } };
  const foreign = { ...orphan, metadata: { ...orphan.metadata, ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'd', uid: 'x', controller: true }] } };
  it('are those it controls and those that nobody does', () => {
    const { owned, actions } = adoptSets(aRollout(), [aSet(2), orphan, foreign]);
    assert.deepEqual([owned.map((set) => set.metadata.uid), actions.length], [['rs-2', 'rs-1'], 1]);
  });
  it('are kept when they no longer match', () => {
    const stray = { ...aSet(2), metadata: { ...aSet(2).metadata, labels: {} } };
    assert.deepEqual(adoptSets(aRollout(), [stray]), { owned: [stray], actions: [] });
  });
});

describe('selectors', () => {
  const selector = { matchLabels: { b: '1' }, matchExpressions: [{ key: 'a', operator: 'In', values: ['y', 'x'] }, { key: 'c', operator: 'DoesNotExist' }] };
  it('are written sorted by key', () => assert.equal(formatSelector(selector), 'a in (x,y),b=1,!c'));
  it('match', () => assert.equal(matchesSelector(selector, { a: 'x', b: '1' }), true));
  it('do not match', () => assert.equal(matchesSelector(selector, { a: 'x', b: '1', c: '' }), false));
  it('that are empty match nothing', () => assert.equal(matchesSelector({}, { a: 'x' }), false));
});
