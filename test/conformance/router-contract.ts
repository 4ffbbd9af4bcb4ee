// What every router must keep, whatever it writes into: one table of promises, run by router.test.ts on each router.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Change } from '../../src/kinds/change.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { refKey, refOf } from '../../src/kinds/object-ref.js';
import type { Rollout } from '../../src/kinds/rollout.js';
import type { ManagedRoute, Route, RouteProblem, Traffic } from '../../src/kinds/traffic.js';
import { deepFreeze } from '../../src/lib/deep.js';
import { applyMergePatch } from '../../src/lib/merge-patch.js';
import { isProblem } from '../../src/routers/router.js';
import type { PlannedChange, Router } from '../../src/routers/router.js';
import type { RouterCase } from './router-cases.js';

export function wanted(weight: number, more: Partial<Traffic> = {}): Traffic {
  return { weight, maxWeight: 100, canaryHash: 'new', stableHash: 'old', additional: [], order: 'hash-first', managedRoutes: [], ...more };
}

/** The objects after the planned writes. */
export function applied(objects: readonly KubeObject[], planned: readonly PlannedChange[]): readonly KubeObject[] {
  return planned.reduce(after, objects);
}

const isMeant = (object: KubeObject, { ref }: Change): boolean => object.kind === ref.type.kind && refKey(refOf(ref.type, object)) === refKey(ref);

function after(present: readonly KubeObject[], { change }: PlannedChange): readonly KubeObject[] {
  switch (change.type) {
    case 'create':
      assert.ok(!present.some((object) => isMeant(object, change)), `${change.ref.name} is there already`);
      return [...present, change.object];
    case 'delete':
      return present.filter((object) => !isMeant(object, change));
    case 'update':
      return present.map((object) => (isMeant(object, change) ? change.object : object));
    case 'patch':
      assert.equal(change.patchType, 'merge');
      return present.map((object) => (isMeant(object, change) ? applyMergePatch(object, change.body) as KubeObject : object));
    default:
      return assert.fail();
  }
}

export function planned(router: Router, rollout: Rollout, objects: readonly KubeObject[], traffic: Traffic): readonly PlannedChange[] {
  const plan = router.plan(rollout, deepFreeze(objects), traffic);
  assert.ok(!isProblem(plan), isProblem(plan) ? plan.reason : '');
  return plan;
}

export function route(read: Route | RouteProblem): Route {
  assert.ok(read.type === 'route', read.type === 'route-problem' ? read.reason : '');
  return read;
}

const HEADER: ManagedRoute = { type: 'header', name: 'beta', match: [{ headerName: 'x-beta-user', headerValue: { exact: 'sure' } }] };
const MIRROR: ManagedRoute = { type: 'mirror', name: 'shadow', match: [{ path: { prefix: '/copied' } }], percentage: 40 };

/** What somebody else has written, in places where each kind of object may have it. */
function withForeignFields(object: KubeObject): KubeObject {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, theirs: 'kept' }, annotations: { ...metadata.annotations, 'their.example/note': 'kept' } }, spec: { ...object['spec'] as object, theirs: { kept: 1 } } };
}

export function routerContract({ name, router, rollout, objects, can = [], makes = [], passes = 1, found }: RouterCase): void {
  describe(`${name} keeps the promises of a router`, () => {
    deepFreeze([rollout, objects]);
    const done = (traffic: Traffic, from = objects): readonly KubeObject[] => applied(from, planned(router, rollout, from, traffic));
    const read = (present: readonly KubeObject[]): Route => route(router.read(rollout, present));
    const settled = (traffic: Traffic, from = objects): readonly KubeObject[] => {
      let present = from;
      for (let pass = 0; pass < passes; pass += 1) present = done(traffic, present);
      assert.deepEqual(planned(router, rollout, present, traffic), [], 'a further pass has nothing to write');
      return present;
    };
    for (const weight of [0, 1, 20, 50, 100]) {
      it(`reads back ${weight} after it was planned`, () => {
        const { splits } = read(settled(wanted(weight)));
        assert.ok(splits.length > 0);
        for (const split of splits) assert.deepEqual([split.canary, split.stable + split.other], [weight, 100 - weight], split.place);
      });
    }
    it('goes from any weight to any other', () => {
      for (const [from, to] of [[0, 100], [100, 0], [30, 70]] as const) {
        for (const split of read(settled(wanted(to), settled(wanted(from)))).splits) assert.equal(split.canary, to);
      }
    });
    it('needs objects that it can name', () => assert.deepEqual(new Set(router.needs(rollout).map(refKey)).size, router.needs(rollout).length));
    if (found === undefined) it('says which object is missing, and plans nothing then', () => {
      for (const gone of objects.filter(({ metadata }) => !makes.includes(metadata.name))) {
        const rest = objects.filter((object) => object !== gone);
        const problem = router.read(rollout, rest);
        assert.equal(problem.type, 'route-problem');
        assert.ok(problem.type === 'route-problem' && problem.reason.includes(gone.metadata.name), gone.metadata.name);
        assert.ok(isProblem(router.plan(rollout, rest, wanted(20))));
      }
    });
    it('makes again what it has made itself', () => {
      const present = settled(wanted(30));
      for (const made of makes) {
        const rest = present.filter(({ metadata }) => metadata.name !== made);
        assert.equal(rest.length, present.length - 1, made);
        for (const split of read(settled(wanted(30), rest)).splits) assert.equal(split.canary, 30);
      }
    });
    it('writes on the version it has read', () => {
      const present = settled(wanted(10)).map((object, index) => ({ ...object, metadata: { ...object.metadata, resourceVersion: String(100 + index) } }));
      const plan = planned(router, rollout, present, wanted(40, { canaryHash: 'newer' }));
      assert.ok(plan.length > 0);
      for (const { change } of plan) {
        assert.ok(change.type === 'update' || change.type === 'patch', change.type);
        const written = (change.type === 'update' ? change.object : change.body) as Partial<KubeObject>;
        assert.equal(written.metadata?.resourceVersion, present.find((object) => isMeant(object, change))?.metadata.resourceVersion, change.ref.name);
      }
    });
    it('takes back what a second writer has turned between its passes', () => {
      const present = settled(wanted(30), settled(wanted(80), settled(wanted(30))));
      for (const split of read(settled(wanted(30), present)).splits) assert.equal(split.canary, 30);
      // The other one has put everything back to what it was before the first pass.
      const turned = present.map((object) => objects.find((before) => before.metadata.name === object.metadata.name && before.kind === object.kind) ?? object);
      assert.deepEqual(read(settled(wanted(30), turned)), read(present));
    });
    if (can.includes('hashes')) it('gives each version its pods, and reads back whose they are', () => {
      assert.deepEqual(read(settled(wanted(20))).hashes, { canary: 'new', stable: 'old' });
      assert.deepEqual(read(settled(wanted(20, { canaryHash: 'newer' }), settled(wanted(20)))).hashes, { canary: 'newer', stable: 'old' });
    });
    it('keeps what others have written, before and between its passes', () => {
      const before = objects.map(withForeignFields);
      const present = settled(wanted(60), settled(wanted(30), before).map(withForeignFields));
      for (const object of present) {
        assert.equal(object.metadata.labels?.['theirs'], 'kept', object.metadata.name);
        assert.equal(object.metadata.annotations?.['their.example/note'], 'kept', object.metadata.name);
        if (!makes.includes(object.metadata.name)) assert.deepEqual((object['spec'] as Readonly<Record<string, unknown>>)['theirs'], { kept: 1 }, object.metadata.name);
      }
      for (const split of read(present).splits) assert.equal(split.canary, 60);
    });
    if (can.includes('additional')) it('sends experiments their share, and takes it back', () => {
      const additional = [{ service: 'shop-trial', hash: 'trial', weight: 15 }];
      const during = settled(wanted(20, { additional }));
      for (const split of read(during).splits) assert.deepEqual([split.canary, split.stable, split.other], [20, 65, 15]);
      assert.ok(JSON.stringify(during).includes('shop-trial'));
      const over = settled(wanted(20), during);
      for (const split of read(over).splits) assert.deepEqual([split.canary, split.stable + split.other], [20, 80]);
      assert.ok(!JSON.stringify(over).includes('shop-trial'));
    });
    if (can.includes('headers')) managed(HEADER, 'x-beta-user');
    if (can.includes('mirror')) managed(MIRROR, '/copied');

    function managed(promise: ManagedRoute, mark: string): void {
      const says = (present: readonly KubeObject[]): boolean => JSON.stringify(present).toLowerCase().includes(mark);
      const traffic = wanted(20, { managedRoutes: [promise] });
      it(`makes the ${promise.type} route, and takes it away with its step or with the update`, () => {
        const present = settled(traffic);
        assert.ok(says(present));
        for (const split of read(present).splits) assert.equal(split.canary, 20);
        assert.ok(!says(settled(wanted(20, { managedRoutes: [{ ...promise, match: [] }] }), present)));
        assert.ok(!says(settled(wanted(0), present)));
        assert.ok(says(settled(wanted(10, { managedRoutes: 'keep' }), present)));
      });
      it(`puts the ${promise.type} route back when it vanishes`, () => {
        const present = settled(traffic);
        const emptied = settled(wanted(20), present);
        assert.deepEqual(settled(traffic, emptied), present);
      });
    }
  });
}
