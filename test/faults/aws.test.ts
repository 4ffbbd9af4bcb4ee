// The load balancers of AWS follow late, wrongly or not at all: steps, promotions and the end of old pods wait for them, and an abort
// waits for nobody.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LoadBalancers } from '../../src/controllers/verify.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import * as TYPES from '../../src/kinds/resource-type.js';
import { TARGET_GROUP_BINDING } from '../../src/kinds/route-types.js';
import { err, ok } from '../../src/lib/result.js';
import { list, plain, record } from '../scenarios/reduce.js';
import { openStage, specOf, statusOf } from './stage.js';
import type { Stage } from './stage.js';

const HOST = 'cart.elb.test';
const ARN = (name: string): string => `arn:aws:elasticloadbalancing:eu-test-1:0:targetgroup/${name}/1`;
const TAGS: Readonly<Record<string, string>> = { canary: 'shop/cart-cart-canary:80', stable: 'shop/cart-cart-stable:80' };

/** What AWS has heard of so far. */
class Aws implements LoadBalancers {
  weights: readonly [canary: number, stable: number] = [0, 100];
  registered: ReadonlySet<string> = new Set();
  failure: string | undefined;
  looks = 0;
  async find(hostname: string): ReturnType<LoadBalancers['find']> {
    this.looks += 1;
    if (this.failure !== undefined) return err(this.failure);
    if (hostname !== HOST) return ok(undefined);
    const targetGroups = Object.entries(TAGS).map(([name, tag]) => ({ name, arn: ARN(name), tags: { 'ingress.k8s.aws/resource': tag } }));
    const [canary, stable] = this.weights;
    const split = new Map([[ARN('canary'), canary], [ARN('stable'), stable]]);
    return ok({ name: 'cart', arn: 'arn:aws:elasticloadbalancing:eu-test-1:0:loadbalancer/app/cart/1', targetGroups, forwards: [split, new Map([[ARN('canary'), 100]])] });
  }
  async targetsOf(): ReturnType<LoadBalancers['targetsOf']> {
    return this.failure === undefined ? ok(this.registered) : err(this.failure);
  }
}

const service = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: 'cart' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] } });
const ingress: KubeObject = {
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'cart' },
  spec: { rules: [{ http: { paths: [{ path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name: 'cart-stable', port: { name: 'use-annotation' } } } }] } }] },
};
const template = { metadata: { labels: { app: 'cart' } }, spec: { containers: [{ name: 'cart', image: 'cart:v1' }] } };
const rollout = (strategy: object): KubeObject => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'cart' }, spec: { replicas: 4, selector: { matchLabels: { app: 'cart' } }, template, strategy } });
const canary = (more: object = {}): KubeObject =>
  rollout({ canary: { canaryService: 'cart-canary', stableService: 'cart-stable', scaleDownDelaySeconds: 1, trafficRouting: { alb: { ingress: 'cart', servicePort: 80 } }, steps: [{ setWeight: 25 }, { pause: {} }], ...more } });

async function open(aws: Aws, cart: KubeObject): Promise<Stage> {
  const stage = await openStage({ balancers: aws });
  await stage.create(service('cart-stable'), service('cart-canary'), ingress);
  await stage.patch(TYPES.INGRESS, 'cart', { status: { loadBalancer: { ingress: [{ hostname: HOST }] } } }, 'status');
  await stage.create(cart);
  await stage.untilPhase('Healthy');
  await stage.person('set image cart cart=cart:v2');
  return stage;
}

const weights = async (stage: Stage): Promise<Readonly<Record<string, unknown>>> => record(record((await stage.status())['canary'])['weights']);
const sizes = async (stage: Stage): Promise<readonly number[]> => (await stage.list(TYPES.REPLICA_SET)).map((set) => Number(specOf(set)['replicas'])).toSorted((a, b) => a - b);

describe('a load balancer that follows late', () => {
  test('holds its step, and then is known in the status', async () => {
    const aws = new Aws();
    const stage = await open(aws, canary());
    await stage.until('the weight of the step', async () => record((await weights(stage))['canary'])['weight'] === 25);
    await stage.run(60);
    assert.deepEqual([(await stage.status())['currentStepIndex'], (await weights(stage))['verified']], [0, false]);
    assert.ok(aws.looks <= 10, `asked ${aws.looks} times in a minute`);
    assert.match((await stage.events('TargetGroupUnverified'))[0] ?? '', /does not give shop\/cart-cart-canary:80 its weight 25 yet/);
    aws.weights = [25, 75];
    await stage.untilPhase('Paused', 20);
    const status = await stage.status();
    assert.deepEqual([status['currentStepIndex'], (await weights(stage))['verified']], [1, undefined]);
    assert.deepEqual(status['alb'], {
      ingress: 'cart',
      loadBalancer: { name: 'cart', arn: 'arn:aws:elasticloadbalancing:eu-test-1:0:loadbalancer/app/cart/1', fullName: 'app/cart/1' },
      canaryTargetGroup: { name: 'canary', arn: ARN('canary'), fullName: 'targetgroup/canary/1' },
      stableTargetGroup: { name: 'stable', arn: ARN('stable'), fullName: 'targetgroup/stable/1' },
    });
    await stage.stop();
  });
  test('holds the promotion, and the pods that it still sends users to', async () => {
    const aws = new Aws();
    aws.weights = [25, 75];
    const stage = await open(aws, canary());
    await stage.untilPhase('Paused');
    await stage.person('promote cart');
    await stage.until('all weight', async () => record((await weights(stage))['canary'])['weight'] === 100);
    await stage.run(60);
    const status = await stage.status();
    assert.notEqual(status['stableRS'], status['currentPodHash']);
    assert.deepEqual(await sizes(stage), [4, 4]);
    aws.weights = [100, 0];
    await stage.untilPhase('Healthy', 30);
    await stage.until('the old pods gone', async () => (await sizes(stage)).join() === '0,4');
    await stage.stop();
  });
  test('does not let a shrinking stable version go ahead of it', async () => {
    const aws = new Aws();
    const stage = await open(aws, canary({ dynamicStableScale: true, scaleDownDelaySeconds: undefined }));
    await stage.until('the weight of the step', async () => record((await weights(stage))['canary'])['weight'] === 25);
    await stage.run(30);
    assert.deepEqual(await sizes(stage), [1, 4]);
    aws.weights = [25, 75];
    await stage.untilPhase('Paused', 30);
    await stage.until('a smaller stable version', async () => (await sizes(stage)).join() === '1,3');
    await stage.stop();
  });
  test('does not keep an abort', async () => {
    const aws = new Aws();
    const stage = await open(aws, canary());
    await stage.until('the weight of the step', async () => record((await weights(stage))['canary'])['weight'] === 25);
    aws.failure = 'AWS did not answer within 8 s';
    await stage.person('abort cart');
    await stage.untilPhase('Degraded', 10);
    assert.equal(record((await weights(stage))['canary'])['weight'], 0);
    await stage.stop();
  });
  test('or that does not answer is told of', async () => {
    const aws = new Aws();
    aws.failure = 'AccessDenied: not allowed to describe';
    const stage = await open(aws, canary());
    await stage.run(20);
    assert.equal((await stage.status())['currentStepIndex'], 0);
    assert.deepEqual(await stage.events('WeightVerifyError'), ['Failed to verify weight: AccessDenied: not allowed to describe']);
    await stage.stop();
  });
});

const BINDING_DEFINITION: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'targetgroupbindings.elbv2.k8s.aws' },
  spec: {
    group: 'elbv2.k8s.aws', scope: 'Namespaced', names: { kind: 'TargetGroupBinding', plural: 'targetgroupbindings', singular: 'targetgroupbinding', listKind: 'TargetGroupBindingList' },
    versions: [{ name: 'v1beta1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
  },
};

async function bind(stage: Stage, name: string): Promise<void> {
  await stage.create(BINDING_DEFINITION);
  const spec = { serviceRef: { name, port: 80 }, targetGroupARN: ARN('active'), targetType: 'ip' };
  const made = await stage.cluster.create({ type: TARGET_GROUP_BINDING, namespace: 'shop', name }, { apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'TargetGroupBinding', metadata: { name, namespace: 'shop' }, spec });
  assert.ok(made.ok, made.ok ? '' : made.error.message);
}

async function addresses(stage: Stage): Promise<ReadonlySet<string>> {
  return new Set((await stage.list(TYPES.POD)).map((pod) => plain(statusOf(pod)['podIP'])));
}

describe('a target group that gets its pods late', () => {
  test('holds a blue-green promotion and the version that it still has', async () => {
    const aws = new Aws();
    const stage = await openStage({ balancers: aws, engine: false });
    await bind(stage, 'cart-active');
    stage.startEngine();
    await stage.create(service('cart-active'), rollout({ blueGreen: { activeService: 'cart-active', scaleDownDelaySeconds: 1 } }));
    await stage.untilPhase('Healthy');
    await stage.person('set image cart cart=cart:v2');
    await stage.until('the switch', async () => {
      const { blueGreen, currentPodHash } = await stage.status();
      return record(blueGreen)['activeSelector'] === currentPodHash && (await sizes(stage)).length === 2;
    });
    await stage.run(60);
    const status = await stage.status();
    assert.notEqual(status['stableRS'], status['currentPodHash']);
    assert.deepEqual(await sizes(stage), [4, 4]);
    assert.match((await stage.events('TargetGroupUnverified'))[0] ?? '', /Service cart-active .* lacks 4 of 4 pods/);
    aws.registered = await addresses(stage);
    await stage.untilPhase('Healthy', 30);
    await stage.until('the old pods gone', async () => (await sizes(stage)).join() === '0,4');
    await stage.stop();
  });
  test('holds the pods of a canary\'s former version', async () => {
    const aws = new Aws();
    aws.weights = [25, 75];
    const stage = await openStage({ balancers: aws, engine: false });
    await bind(stage, 'cart-stable');
    stage.startEngine();
    await stage.create(service('cart-stable'), service('cart-canary'), ingress);
    await stage.patch(TYPES.INGRESS, 'cart', { status: { loadBalancer: { ingress: [{ hostname: HOST }] } } }, 'status');
    await stage.create(canary());
    await stage.untilPhase('Healthy');
    await stage.person('set image cart cart=cart:v2');
    await stage.untilPhase('Paused');
    aws.weights = [100, 0];
    await stage.person('promote cart');
    await stage.until('the promotion', async () => (await stage.status())['stableRS'] === (await stage.status())['currentPodHash']);
    await stage.run(60);
    assert.deepEqual(await sizes(stage), [4, 4]);
    aws.registered = await addresses(stage);
    await stage.until('the old pods gone', async () => (await sizes(stage)).join() === '0,4', 30);
    await stage.stop();
  });
});

test('without being asked to, AWS is not asked', async () => {
  const stage = await openStage();
  await stage.create(service('cart-stable'), service('cart-canary'), ingress, canary());
  await stage.untilPhase('Healthy');
  await stage.person('set image cart cart=cart:v2');
  await stage.untilPhase('Paused');
  const status = await stage.status();
  assert.deepEqual([status['alb'], (await weights(stage))['verified'], list(status['albs'])], [undefined, undefined, []]);
  await stage.stop();
});

describe('an Ingress that a rollout leaves', () => {
  const annotationsOf = async (stage: Stage): Promise<Readonly<Record<string, string>>> => (await stage.get(TYPES.INGRESS, 'cart'))?.metadata.annotations ?? {};
  const ACTION = 'alb.ingress.kubernetes.io/actions.cart-stable';
  const MANAGED = 'rollouts.argoproj.io/managed-alb-annotations';
  const everything = JSON.stringify({ Type: 'forward', ForwardConfig: { TargetGroups: [{ ServiceName: 'cart-stable', ServicePort: '80', Weight: 100 }] } });
  const header = { setHeaderRoute: { name: 'beta', match: [{ headerName: 'X-Beta', headerValue: { exact: 'yes' } }] } };
  const withHeader = canary({ trafficRouting: { alb: { ingress: 'cart', servicePort: 80 }, managedRoutes: [{ name: 'beta' }] }, steps: [{ setWeight: 25 }, header, { pause: {} }] });
  async function paused(): Promise<Stage> {
    const stage = await openStage();
    await stage.create(service('cart-stable'), service('cart-canary'), ingress, withHeader);
    await stage.patch(TYPES.INGRESS, 'cart', { metadata: { annotations: { [MANAGED]: '{"long-gone":["x"]}', theirs: 'kept' } } });
    await stage.untilPhase('Healthy');
    await stage.person('set image cart cart=cart:v2');
    await stage.untilPhase('Paused');
    assert.ok((await annotationsOf(stage))['alb.ingress.kubernetes.io/conditions.beta'] !== undefined);
    return stage;
  }
  async function isFree(stage: Stage): Promise<void> {
    await stage.until('everything to one Service', async () => (await annotationsOf(stage))[ACTION] === everything);
    assert.deepEqual(await annotationsOf(stage), { [ACTION]: everything, theirs: 'kept' });
    assert.doesNotMatch(JSON.stringify(specOf(await stage.get(TYPES.INGRESS, 'cart'))), /beta/);
    await stage.stop();
  }
  test('because it is deleted sends everything to the Service of its action', async () => {
    const stage = await paused();
    await stage.remove(TYPES.ROLLOUT, 'cart');
    await isFree(stage);
  });
  test('for another one, too', async () => {
    const stage = await paused();
    await stage.create({ ...ingress, metadata: { name: 'next' } });
    await stage.patch(TYPES.ROLLOUT, 'cart', { spec: { strategy: { canary: { trafficRouting: { alb: { ingress: 'next' } } } } } });
    await isFree(stage);
  });
  test('is left alone while the rollout has a slip in its spec', async () => {
    const stage = await paused();
    const before = await annotationsOf(stage);
    await stage.patch(TYPES.ROLLOUT, 'cart', { spec: { strategy: { canary: { trafficRouting: { alb: { ingress: 'gone' } } } } } });
    await stage.run(30);
    assert.deepEqual(await annotationsOf(stage), before);
    await stage.stop();
  });
});
