// The SDK of AWS against a server that speaks its protocol: all pages are read, limits are kept, and faults become sentences.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createAwsLoadBalancers } from '../../src/app/aws-load-balancers.js';
import type { AwsLoadBalancers } from '../../src/app/aws-load-balancers.js';
import { balancerArn, groupArn, startElbServer } from '../support/elb-server.js';

const ENVIRONMENT = { AWS_ACCESS_KEY_ID: 'test-key', AWS_SECRET_ACCESS_KEY: 'test-secret', AWS_REGION: 'eu-test-1' };

describe('the load balancers of AWS', () => {
  let server: Awaited<ReturnType<typeof startElbServer>>;
  let balancers: AwsLoadBalancers;
  const saved: Record<string, string | undefined> = {};
  before(async () => {
    server = await startElbServer();
    for (const [name, value] of Object.entries({ ...ENVIRONMENT, AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: server.url })) {
      saved[name] = process.env[name];
      process.env[name] = value;
    }
  });
  after(async () => {
    for (const [name, value] of Object.entries(saved)) if (value === undefined) delete process.env[name]; else process.env[name] = value;
    await server.stop();
  });
  beforeEach(() => {
    balancers?.close();
    balancers = createAwsLoadBalancers();
    const groups = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`tg-${index}`, { 'ingress.k8s.aws/resource': `mall/edge-${index}:80` }]));
    Object.assign(server.aws, {
      balancers: Array.from({ length: 5 }, (_, index) => ({ name: `lb-${index}`, dnsName: `LB-${index}.eu-test-1.elb.test` })),
      groups,
      rules: [{ listener: 'http', weights: { 'tg-1': 20, 'tg-2': 80 } }, { listener: 'https', weights: { 'tg-1': 20, 'tg-2': 80 } }, { listener: 'https', weights: { 'tg-1': 100 } }],
      targets: { 'tg-1': ['10.0.0.1', '10.0.0.2'] },
      fault: () => undefined,
    });
    server.aws.asked.length = 0;
  });

  it('are found by their name whatever page it is on, with all their groups, tags and rules', async () => {
    const found = await balancers.find('lb-4.eu-test-1.elb.test');
    assert.ok(found.ok && found.value !== undefined);
    assert.deepEqual([found.value.name, found.value.arn], ['lb-4', balancerArn('lb-4')]);
    assert.equal(found.value.targetGroups.length, 45);
    assert.deepEqual(found.value.targetGroups[44], { name: 'tg-44', arn: groupArn('tg-44'), tags: { 'ingress.k8s.aws/resource': 'mall/edge-44:80' } });
    assert.deepEqual(found.value.forwards.map((forward) => [...forward]), [
      [[groupArn('tg-1'), 20], [groupArn('tg-2'), 80]], [[groupArn('tg-1'), 20], [groupArn('tg-2'), 80]], [[groupArn('tg-1'), 100]],
    ]);
  });
  it('are not all listed again for one that is known', async () => {
    await balancers.find('lb-4.eu-test-1.elb.test');
    server.aws.asked.length = 0;
    await balancers.find('lb-4.eu-test-1.elb.test');
    assert.ok(!server.aws.asked.includes('DescribeLoadBalancers'));
  });
  it('may not be there', async () => assert.deepEqual(await balancers.find('gone.test'), { ok: true, value: undefined }));
  it('say what is registered', async () => assert.deepEqual(await balancers.targetsOf(groupArn('tg-1')), { ok: true, value: new Set(['10.0.0.1', '10.0.0.2']) }));
  it('say in a sentence what AWS refuses', async () => {
    server.aws.fault = () => ({ status: 403, code: 'AccessDenied', message: 'not allowed to describe' });
    assert.deepEqual(await balancers.targetsOf(groupArn('tg-1')), { ok: false, error: 'AccessDenied: not allowed to describe' });
  });
  it('are looked for anew when one that was known has gone', async () => {
    await balancers.find('lb-4.eu-test-1.elb.test');
    server.aws.fault = (action) => (action === 'DescribeTargetGroups' ? { status: 400, code: 'LoadBalancerNotFound', message: 'gone' } : undefined);
    assert.equal((await balancers.find('lb-4.eu-test-1.elb.test')).ok, false);
    server.aws.fault = () => undefined;
    server.aws.asked.length = 0;
    assert.ok((await balancers.find('lb-4.eu-test-1.elb.test')).ok);
    assert.equal(server.aws.asked[0], 'DescribeLoadBalancers');
  });
});
