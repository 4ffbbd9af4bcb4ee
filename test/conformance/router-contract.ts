// What every router must keep, whatever it writes into: one table of promises, run by router.test.ts on each router.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Change } from '../../src/kinds/change.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { refKey, refOf } from '../../src/kinds/object-ref.js';
import type { Rollout } from '../../src/kinds/rollout.js';
import type { Route, RouteProblem, Traffic } from '../../src/kinds/traffic.js';
import { deepFreeze } from '../../src/lib/deep.js';
import { isProblem } from '../../src/routers/router.js';
import type { PlannedChange, Router } from '../../src/routers/router.js';

export type RouterCase = { readonly name: string; readonly router: Router; readonly rollout: Rollout; readonly objects: readonly KubeObject[] };

export function wanted(weight: number, more: Partial<Traffic> = {}): Traffic {
  return { weight, maxWeight: 100, canaryHash: 'new', stableHash: 'old', additional: [], order: 'hash-first', removeManagedRoutes: false, ...more };
}

/** The objects after the planned writes. */
export function applied(objects: readonly KubeObject[], planned: readonly PlannedChange[]): readonly KubeObject[] {
  return planned.reduce((present: readonly KubeObject[], { change }) => present.map((object) => after(object, change)), objects);
}

function after(object: KubeObject, change: Change): KubeObject {
  if (change.type !== 'update') return object;
  return refKey(refOf(change.ref.type, object)) === refKey(change.ref) && object.kind === change.ref.type.kind ? change.object : object;
}

export function planned(router: Router, rollout: Rollout, objects: readonly KubeObject[], traffic: Traffic): readonly PlannedChange[] {
  const plan = router.plan(rollout, objects, traffic);
  assert.ok(!isProblem(plan), isProblem(plan) ? plan.reason : '');
  return plan;
}

export function route(read: Route | RouteProblem): Route {
  assert.ok(read.type === 'route', read.type === 'route-problem' ? read.reason : '');
  return read;
}

export function routerContract({ name, router, rollout, objects }: RouterCase): void {
  describe(`${name} keeps the promises of a router`, () => {
    deepFreeze([rollout, objects]);
    const split = (traffic: Traffic): Route => route(router.read(rollout, applied(objects, planned(router, rollout, objects, traffic))));
    for (const weight of [0, 1, 20, 50, 100]) {
      it(`reads back ${weight} after it was planned`, () => {
        for (const place of split(wanted(weight)).splits) assert.deepEqual([place.canary, place.stable + place.other], [weight, 100 - weight], place.place);
      });
    }
    it('plans nothing when all is as wanted', () => {
      const first = applied(objects, planned(router, rollout, objects, wanted(30)));
      assert.deepEqual(planned(router, rollout, first, wanted(30)), []);
    });
    it('needs objects that it can name', () => assert.deepEqual(new Set(router.needs(rollout).map(refKey)).size, router.needs(rollout).length));
    it('says which object is missing, and plans nothing then', () => {
      for (const gone of objects) {
        const rest = objects.filter((object) => object !== gone);
        const read = router.read(rollout, rest);
        assert.equal(read.type, 'route-problem');
        assert.ok(read.type === 'route-problem' && read.reason.includes(gone.metadata.name));
        assert.ok(isProblem(router.plan(rollout, rest, wanted(20))));
      }
    });
    it('writes on the version it has read', () => {
      for (const { change } of planned(router, rollout, objects, wanted(40))) {
        if (change.type === 'update') assert.equal(change.object.metadata.resourceVersion, objects.find((object) => object.kind === change.ref.type.kind && object.metadata.name === change.ref.name)?.metadata.resourceVersion);
      }
    });
  });
}
