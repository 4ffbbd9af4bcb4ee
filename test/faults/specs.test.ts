// Specs that can not be followed, given to a rollout that serves traffic in the middle of a release: condition, phase and the reason
// on the screen; nothing that carries traffic moves; and everything goes on when the spec is corrected.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { unsupported } from '../../src/decide/rollout/support.js';
import { DEPLOYMENT, POD, REPLICA_SET, ROLLOUT, SERVICE, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import { asRollout } from '../../src/kinds/rollout.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { plain } from '../scenarios/reduce.js';
import { byHosts, GATED, HOSTS, image, setImage } from './manifests.js';
import { screenSentence } from './screen-sentence.js';
import { conditionOf, NAMESPACE, openStage } from './stage.js';
import type { Stage } from './stage.js';

type Fields = Readonly<Record<string, unknown>>;

const canary = (fields: Fields): Fields => ({ strategy: { canary: fields } });
const HINT = 'Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause';
const step = (fields: Fields): Fields => canary({ steps: [{ setWeight: 20 }, { pause: {} }, fields] });

/** Merge patches over the spec of a routed rollout, and the reason after `is invalid: `. */
const ROWS: readonly (readonly [name: string, patch: Fields, reason: RegExp])[] = [
  ['a weight over 100', step({ setWeight: 101 }), /^spec\.strategy\.steps\[2\]\.setWeight: Invalid value: 101: SetWeight needs to be between 0 and 100$/],
  ['a weight under 0', step({ setWeight: -25 }), /steps\[2\]\.setWeight: Invalid value: -25: SetWeight needs/],
  ['two kinds in one step', step({ setWeight: 30, pause: {} }), new RegExp(`steps\\[2\\]: Invalid value: ".*": ${HINT}$`)],
  ['an empty step', step({}), new RegExp(HINT)],
  ['a pause of nonsense', step({ pause: { duration: 'soon' } }), /steps\[2\]\.pause\.duration: Invalid value: -1: Duration needs to be greater than 0$/],
  ['both bounds zero', canary({ maxSurge: 0, maxUnavailable: '0%' }), /^spec\.strategy\.maxSurge: Invalid value: .*: MaxSurge and MaxUnavailable both can not be zero$/],
  ['one Service for both', canary({ canaryService: 'cart-stable' }), /uses the same service for the stable and canary services/],
  ['no canary Service', canary({ canaryService: null }), /^spec\.strategy\.canaryService: Invalid value: "": Canary service and Stable service must to be set to use Traffic Routing$/],
  ['a Service that is not there', canary({ canaryService: 'gone' }), /^spec\.strategy\.canary\.canaryService: Invalid value: "gone": service "gone" not found$/],
  ['dynamic scale with a delay', canary({ dynamicStableScale: true, scaleDownDelaySeconds: 5 }), /Canary dynamicStableScale cannot be used with scaleDownDelaySeconds$/],
  ['a greatest weight of its own', canary({ trafficRouting: { maxTrafficWeight: 1000 } }), /Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins$/],
  ['two lists of VirtualServices', canary({ trafficRouting: { istio: { virtualServices: [{ name: 'cart' }] } } }), /either VirtualService or VirtualServices must be configured$/],
  ['a header route that is not managed', step({ setHeaderRoute: { name: 'x', match: [{ headerName: 'a', headerValue: { exact: 'b' } }] } }), /missing field 'spec\.strategy\.canary\.trafficRouting\.managedRoutes'$/],
  ['an analysis that is not there', canary({ analysis: { templates: [{ templateName: 'gone' }] } }), /AnalysisTemplate 'gone' not found$/],
  ['no strategy', { strategy: { canary: null } }, /^spec\.strategy\.strategy: Required value: Rollout has missing field/],
  ['two strategies', { strategy: { blueGreen: { activeService: 'cart-stable' } } }, /^spec\.strategy\.strategy: Invalid value: "blueGreen: true canary: true": Multiple Strategies can not be listed$/],
  ['a deadline that is too short', { progressDeadlineSeconds: 5, minReadySeconds: 5 }, /^spec\.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds$/],
  ['a restart policy', { template: { spec: { restartPolicy: 'Never' } } }, /^spec\.template\.spec\.restartPolicy: Unsupported value: "Never"/],
  ['no containers', { template: { spec: { containers: [] } } }, /^spec\.template\.spec\.containers: Required value/],
  ['experiments', step({ experiment: { duration: '1m', templates: [{ name: 'a', specRef: 'stable' }] } }), /Forbidden: this engine does not take experiment steps yet \(steps\[2\]\)$/],
  ['step plugins', step({ plugin: { name: 'a/b' } }), /this engine has no step plugin /],
  ['nginx', canary({ trafficRouting: { istio: null, nginx: { stableIngress: 'cart' } } }), /does not split traffic through nginx yet \(trafficRouting\.nginx\)$/],
  ['ALB', canary({ trafficRouting: { istio: null, alb: { ingress: 'cart', servicePort: 80 } } }), /does not split traffic through AWS ALB yet/],
  ['router plugins', canary({ trafficRouting: { istio: null, plugins: { 'argoproj-labs/gatewayAPI': {} } } }), /does not split traffic through plugins yet/],
  ['ping-pong', canary({ canaryService: null, stableService: null, pingPong: { pingService: 'cart-stable', pongService: 'cart-canary' } }), /does not drive pingPong Services yet$/],
];

async function world(stage: Stage): Promise<unknown> {
  const of = async (type: ResourceType): Promise<readonly unknown[]> => (await stage.list(type)).map(({ metadata, ...rest }) => [metadata.name, metadata.labels, rest['spec']]);
  return [await of(VIRTUAL_SERVICE), await of(SERVICE), await of(REPLICA_SET), (await stage.list(POD)).map(({ metadata }) => metadata.name)];
}

/** Back to the whole spec as it was. */
async function restore(stage: Stage, spec: unknown): Promise<void> {
  const present = await stage.get(ROLLOUT, 'cart');
  assert.ok(present !== undefined);
  const put = await stage.cluster.update({ type: ROLLOUT, namespace: NAMESPACE, name: 'cart' }, { ...present, spec });
  assert.ok(put.ok, put.ok ? '' : put.error.message);
}

test('each is said, moves nothing, and is forgotten when it is mended', async (t) => {
  const stage = await openStage();
  await stage.create(...byHosts({ ...HOSTS, steps: GATED }));
  await stage.untilPhase('Healthy');
  await stage.person(setImage('v2'));
  await stage.untilPhase('Paused');
  await stage.run(5);
  const good = (await stage.get(ROLLOUT, 'cart'))?.['spec'];
  const before = await world(stage);
  for (const [name, patch, reason] of ROWS) {
    // What is not done yet may be done by now: then it is no wrong spec.
    const tried = await stage.cluster.patch({ type: ROLLOUT, namespace: NAMESPACE, name: 'cart' }, 'merge', { spec: patch }, { dryRun: true });
    const isDone = /this engine|does not (drive|split)/.test(reason.source) && tried.ok && unsupported(asRollout(tried.value)) === undefined;
    await t.test(name, { skip: isDone }, async () => {
      // With a new version too: not even a ReplicaSet may come of it.
      await stage.patch(ROLLOUT, 'cart', { spec: patch });
      await stage.run(40);
      const rollout = await stage.get(ROLLOUT, 'cart');
      const found = [await world(stage), await stage.status(), await screenSentence(stage)] as const;
      await restore(stage, good);
      await stage.run(5);
      const message = plain(conditionOf(rollout, 'InvalidSpec')['message']);
      assert.match(message, /^The Rollout "cart" is invalid: /);
      assert.match(message.replace(/^The Rollout "cart" is invalid: /, ''), reason);
      const [moved, status, told] = found;
      assert.deepEqual([status['phase'], status['message'], status['observedGeneration']], ['Degraded', `InvalidSpec: ${message}`, String(rollout?.metadata['generation'])]);
      assert.deepEqual(moved, before);
      assert.match(told, /^the spec is invalid: /);
      assert.equal(conditionOf(await stage.get(ROLLOUT, 'cart'), 'InvalidSpec')['message'], undefined);
      assert.equal((await stage.status())['phase'], 'Paused');
      assert.equal(await stage.weight(), 20);
      assert.deepEqual(await world(stage), before);
    });
  }
  await stage.person('promote cart');
  await stage.untilPhase('Healthy', 120);
  await stage.stop();
});

test('an invalid spec costs one write, and no pass without end', async () => {
  const stage = await openStage();
  await stage.create(...byHosts({ steps: [{ setWeight: 120 }] }));
  await stage.run(3);
  const version = (await stage.get(ROLLOUT, 'cart'))?.metadata.resourceVersion;
  const passes = stage.engine?.stats().find(({ name }) => name === 'rollout')?.passes ?? 0;
  await stage.run(600);
  assert.equal((await stage.get(ROLLOUT, 'cart'))?.metadata.resourceVersion, version);
  const more = (stage.engine?.stats().find(({ name }) => name === 'rollout')?.passes ?? 0) - passes;
  assert.ok(more >= 10 && more <= 40, `${more} passes in ten minutes`);
  await stage.stop();
});

describe('a workload that can not be used', () => {
  const referring = (kind: string, name: string): Fields => ({ template: undefined, selector: undefined, workloadRef: { apiVersion: 'apps/v1', kind, name } });
  for (const [name, kind, reason] of [['not there', 'Deployment', /is invalid: deployments\.apps "shop\/gone" not found$/], ['of another kind', 'StatefulSet', /workload of type apps\/StatefulSet is not supported$/]] as const) {
    test(name, async () => {
      const stage = await openStage();
      await stage.create(...byHosts({}, referring(kind, 'gone')));
      await stage.run(10);
      assert.match(String((await stage.status())['message']), reason);
      assert.deepEqual(await stage.list(REPLICA_SET), []);
      await stage.stop();
    });
  }

  test('deleted in mid-release: nothing moves until it is back', async () => {
    const stage = await openStage();
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'cart', namespace: NAMESPACE }, spec: {
      replicas: 0, selector: { matchLabels: { app: 'cart' } }, template: { metadata: { labels: { app: 'cart' } }, spec: { containers: [{ name: 'main', image: image('v1') }] } } } };
    await stage.create(deployment, ...byHosts({}, referring('Deployment', 'cart')));
    await stage.untilPhase('Healthy');
    await stage.person(setImage('v2'));
    await stage.untilPhase('Paused');
    const before = await world(stage);
    await stage.remove(DEPLOYMENT, 'cart');
    await stage.run(60);
    assert.match(String((await stage.status())['message']), /deployments\.apps "shop\/cart" not found$/);
    assert.deepEqual(((await world(stage)) as readonly unknown[])[0], (before as readonly unknown[])[0]);
    assert.equal(await stage.weight(), 20);
    const again = { ...deployment, spec: { ...deployment.spec, template: { ...deployment.spec.template, spec: { containers: [{ name: 'main', image: image('v2') }] } } } };
    await stage.create(again);
    await stage.untilPhase('Paused', 60);
    assert.equal(await stage.weight(), 20);
    assert.equal((await stage.list(REPLICA_SET)).filter(({ metadata }) => metadata.ownerReferences?.some(({ kind }) => kind === 'Rollout') === true).length, 2);
    await stage.stop();
  });
});
