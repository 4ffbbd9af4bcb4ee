import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { trafficStep } from '../../../src/decide/rollout/traffic.js';
import type { CanaryStrategy, RolloutStatus } from '../../../src/kinds/rollout.js';
import type { Traffic } from '../../../src/kinds/traffic.js';
import { aPass, aRollout, aService, aSet, hash, HASH_LABEL, midUpdate } from './fixture.js';
import type { SetOptions } from './fixture.js';

const MATCH = [{ headerName: 'x-beta', headerValue: { exact: 'yes' } }];
const PATHS = [{ path: { prefix: '/' } }];
const CANARY: CanaryStrategy = {
  canaryService: 'shop-canary',
  stableService: 'shop-stable',
  trafficRouting: { istio: {}, managedRoutes: [{ name: 'beta' }, { name: 'shadow' }] },
  steps: [
    { setMirrorRoute: { name: 'shadow', match: PATHS, percentage: 40 } },
    { setHeaderRoute: { name: 'beta', match: MATCH } },
    { setWeight: 20 },
    { setHeaderRoute: { name: 'beta' } },
    { setWeight: 50 },
  ],
};

type Given = { readonly step: number; readonly status?: Partial<RolloutStatus>; readonly newest?: SetOptions; readonly stable?: SetOptions; readonly dynamic?: boolean };

function promised({ step, status = {}, newest = { size: 2 }, stable = { size: 10 }, dynamic = false }: Given): Traffic['managedRoutes'] | undefined {
  const canary = dynamic ? { ...CANARY, dynamicStableScale: true } : CANARY;
  const services = [aService('shop-canary', { [HASH_LABEL]: hash(2) }), aService('shop-stable', { [HASH_LABEL]: hash(1) })];
  const pass = aPass(aRollout({ canary, status: midUpdate(canary, step, status) }), [aSet(1, stable), aSet(2, newest)], { services });
  return trafficStep(pass).actions.find((action) => action.type === 'route')?.traffic.managedRoutes;
}

const mirror = { type: 'mirror', name: 'shadow', match: PATHS, percentage: 40 };
const header = { type: 'header', name: 'beta', match: MATCH };

describe('the routes that the steps have promised', () => {
  const weights = (canary: number): Partial<RolloutStatus> => ({
    abort: true,
    canary: { weights: { canary: { weight: canary, podTemplateHash: hash(2) }, stable: { weight: 100 - canary, podTemplateHash: hash(1) } } },
  });
  const rows: readonly (readonly [name: string, given: Given, expected: unknown])[] = [
    ['hold from their step on', { step: 0 }, [mirror]],
    ['stand in the order of managedRoutes', { step: 1 }, [header, mirror]],
    ['still hold steps later, so that one that vanishes comes back', { step: 2 }, [header, mirror]],
    ['are taken back by their step', { step: 3 }, [{ ...header, match: [] }, mirror]],
    ['hold until the promotion', { step: 5 }, [{ ...header, match: [] }, mirror]],
    ['are none while the canary has no pods', { step: 2, newest: { size: 2, available: 0 } }, []],
    ['are none after an abort', { step: 0, status: weights(20) }, []],
    ['stay as they are while an aborted canary still carries traffic', { step: 0, status: weights(50), stable: { size: 5 }, newest: { size: 5 }, dynamic: true }, 'keep'],
    ['are none in a full promotion', { step: 5, status: { promoteFull: true } }, []],
    ['are none when all is done', { step: 5, status: { stableRS: hash(2) }, newest: { size: 10 } }, []],
  ];
  for (const [name, given, expected] of rows) it(name, () => assert.deepEqual(promised(given), expected));
});
