import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { referencedHashes } from '../../../src/decide/rollout/old-sets.js';
import type { Pass } from '../../../src/decide/rollout/pass.js';
import { serviceActions } from '../../../src/decide/rollout/services.js';
import type { CanaryStrategy, RolloutStatus } from '../../../src/kinds/rollout.js';
import type { Route } from '../../../src/kinds/traffic.js';
import { aPass, aRollout, aService, aSet, hash, HASH_LABEL, midUpdate } from './fixture.js';
import type { SetOptions } from './fixture.js';

const CANARY: CanaryStrategy = { pingPong: { pingService: 'ping', pongService: 'pong' }, trafficRouting: { istio: {} }, steps: [{ setWeight: 20 }] };

type Given = { readonly status?: Partial<RolloutStatus>; readonly newest?: SetOptions; readonly ping?: string; readonly pong?: string; readonly weight?: number; readonly real?: number; readonly turn?: 'ping' | 'pong' };

function pass({ status = {}, newest = { size: 2 }, ping = hash(1), pong = hash(3), weight = 0, real = weight, turn = 'ping' }: Given): Pass {
  const weights = { canary: { weight, podTemplateHash: hash(3) }, stable: { weight: 100 - weight, podTemplateHash: hash(1) } };
  const route: Route = { type: 'route', router: 'istio', splits: [{ object: 'shop', place: 'http/0', canary: real, stable: 100 - real, other: 0 }], referencedHashes: [] };
  const services = [aService('ping', { [HASH_LABEL]: ping }), aService('pong', { [HASH_LABEL]: pong })];
  const rollout = aRollout({ canary: CANARY, status: midUpdate(CANARY, 0, { ...status, canary: { stablePingPong: turn, weights } }) });
  return aPass(rollout, [aSet(1, { size: 10 }), aSet(2, newest), aSet(3, { size: 2 })], { services, route });
}

const switched = (given: Given): readonly (readonly [string, unknown])[] => serviceActions(pass(given), false)
  .flatMap((action) => (action.type === 'patch' ? [[action.ref.name, (action.body as { spec: { selector: Record<string, string> } }).spec.selector[HASH_LABEL]] as const] : []));

describe('two Services that take turns', () => {
  const rows: readonly (readonly [name: string, given: Given, expected: unknown])[] = [
    ['the canary\'s turns to the new version before it has pods', { newest: { size: 0 } }, [['pong', hash(2)]]],
    ['but not while requests still go to it', { newest: { size: 0 }, weight: 20 }, []],
    ['nor while somebody has sent them there', { newest: { size: 0 }, real: 15 }, []],
    ['unless it is the first version of all', { status: { stableRS: '' }, newest: { size: 0 }, real: 100 }, [['pong', hash(2)]]],
    ['unless there are pods to answer', { weight: 20 }, [['pong', hash(2)]]],
    ['the other way round in the other turn', { turn: 'pong', ping: hash(3), pong: hash(1) }, [['ping', hash(2)]]],
    ['nothing is switched when the update is done', { status: { stableRS: hash(2) }, ping: hash(2), pong: hash(1) }, []],
    ['a stable one that another hand has changed is put right', { ping: hash(3), pong: hash(2) }, [['ping', hash(1)]]],
    ['an abort leaves it with an earlier canary that has traffic, whatever pods there are', { status: { abort: true }, weight: 20 }, []],
    ['an abort switches nothing', { status: { abort: true }, pong: hash(2), weight: 20 }, []],
  ];
  for (const [name, given, expected] of rows) it(name, () => assert.deepEqual(switched(given), expected));
  it('the idle one keeps no version from going', () => assert.ok(!referencedHashes(pass({ pong: hash(4) })).has(hash(4))));
  it('one that is asked does', () => assert.ok(referencedHashes(pass({ pong: hash(4), weight: 5 })).has(hash(4))));
});
