// CloudWatch through the SDK of AWS, against a server on loopback that speaks its protocol; and an analysis from end to end.

import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createAwsMetrics, type AwsMetrics } from '../../src/app/aws-metrics.js';
import { cloudWatch } from '../../src/providers/cloud-watch.js';
import { ioWith, NOW } from '../conformance/provider.js';
import { analyse } from '../providers/analyse.js';

const ENVIRONMENT = { AWS_ACCESS_KEY_ID: 'test-key', AWS_SECRET_ACCESS_KEY: 'test-5ecret', AWS_REGION: 'eu-test-1' };
const SPEC = {
  interval: '30m',
  metricDataQueries: [
    { id: 'rate', expression: 'errors / requests', label: 'error rate' },
    { id: 'errors', period: '300', returnData: false, metricStat: { metric: { namespace: 'app', metricName: 'errors', dimensions: [{ name: 'env', value: 'prod' }] }, period: 300, stat: 'Sum', unit: 'None' } },
  ],
};
const at = (ms: number): number => Math.floor(ms / 1000);
const RESULTS = [{ Id: 'rate', Label: 'error rate', StatusCode: 'Complete', Timestamps: [at(NOW), at(NOW - 300_000)], Values: [0.02, 1_000_000] }, { Id: 'errors', Label: 'x', StatusCode: 'Complete', Timestamps: [], Values: [] }];
const RULE = 'result[0].Values[0] <= 0.05 and string(result[0].StatusCode) == "Complete" and len(result[1].Values) == 0 and len(result[0].Timestamps) == 2';

type Asked = { readonly target: string; readonly body: unknown; readonly credential: string };

describe('CloudWatch', () => {
  const asked: Asked[] = [];
  let status = 200;
  let answer: unknown = { MetricDataResults: RESULTS };
  let metrics: AwsMetrics;
  const saved: Record<string, string | undefined> = {};
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => {
      asked.push({ target: String(request.headers['x-amz-target']), body: JSON.parse(body), credential: /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '' });
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  });
  before(async () => {
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    for (const [name, value] of Object.entries({ ...ENVIRONMENT, AWS_ENDPOINT_URL_CLOUDWATCH: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })) {
      saved[name] = process.env[name];
      process.env[name] = value;
    }
    metrics = createAwsMetrics();
  });
  after(() => {
    metrics.close();
    for (const [name, value] of Object.entries(saved)) if (value === undefined) delete process.env[name]; else process.env[name] = value;
    server.closeAllConnections();
    server.close();
  });
  const measure = async (): Promise<unknown> => {
    asked.length = 0;
    const measured = await cloudWatch.measure(SPEC, ioWith(() => Promise.reject(new Error('no HTTP')), { cloudWatch: metrics.ask }), new AbortController().signal);
    return measured.ok ? [measured.value.text, measured.value.metadata] : measured.error;
  };

  it('is asked for the time of the interval, in its own names, signed', async () => {
    answer = { MetricDataResults: RESULTS, Messages: [{ Code: 'ArithmeticError', Value: 'divided by zero' }] };
    assert.deepEqual(await measure(), ['[[0.02 1e+06] []]', { messages: 'ArithmeticError: divided by zero' }]);
    assert.deepEqual(asked, [{
      target: 'GraniteServiceVersion20100801.GetMetricData', credential: 'test-key',
      body: {
        StartTime: (NOW - 1_800_000) / 1000, EndTime: NOW / 1000,
        MetricDataQueries: [
          { Id: 'rate', Expression: 'errors / requests', Label: 'error rate' },
          { Id: 'errors', Period: 300, ReturnData: false, MetricStat: { Metric: { Namespace: 'app', MetricName: 'errors', Dimensions: [{ Name: 'env', Value: 'prod' }] }, Period: 300, Stat: 'Sum', Unit: 'None' } },
        ],
      },
    }]);
  });
  it('brings series that conditions read by the names of AWS, through a whole analysis', async () => {
    answer = { MetricDataResults: RESULTS };
    const { run } = await analyse(() => Promise.reject(new Error('no HTTP')), { provider: { cloudWatch: SPEC }, successCondition: RULE }, { cloudWatch: metrics.ask });
    assert.deepEqual([run.status?.phase, run.status?.message, run.status?.metricResults?.[0]?.measurements?.[0]?.value], ['Successful', undefined, '[[0.02 1e+06] []]']);
  });
  it('may have measured nothing: the condition says so', async () => {
    answer = {};
    const { run } = await analyse(() => Promise.reject(new Error('no HTTP')), { provider: { cloudWatch: SPEC }, successCondition: RULE }, { cloudWatch: metrics.ask });
    assert.match(run.status?.message ?? '', /^Metric "m" assessed Error due to .*index out of range/);
  });
  it('says in a sentence what AWS refuses, and no secret', async () => {
    status = 400;
    answer = { __type: 'com.amazonaws.cloudwatch#InvalidParameterValueException', message: 'The value for MetricDataQueries is wrong' };
    assert.equal(await measure(), 'InvalidParameterValueException: The value for MetricDataQueries is wrong');
    status = 403;
    answer = { __type: 'AccessDeniedException', message: 'not authorized: cloudwatch:GetMetricData' };
    const { run, written } = await analyse(() => Promise.reject(new Error('no HTTP')), { provider: { cloudWatch: SPEC } }, { cloudWatch: metrics.ask });
    assert.match(run.status?.message ?? '', /AccessDeniedException: not authorized: cloudwatch:GetMetricData/);
    assert.ok(!written.includes('test-5ecret'));
  });
  it('is told from nonsense, and from nobody', async () => {
    status = 200;
    answer = '{"MetricDataResults": [';
    assert.match(String(await measure()), /^SyntaxError: /);
    const nobody = await cloudWatch.measure(SPEC, ioWith(() => Promise.reject(new Error('no HTTP'))), new AbortController().signal);
    assert.deepEqual(nobody, { ok: false, error: 'this engine can not speak to AWS' });
    const wrong = await cloudWatch.measure({ ...SPEC, interval: 'soon' }, ioWith(() => Promise.reject(new Error('no HTTP')), { cloudWatch: metrics.ask }), new AbortController().signal);
    assert.deepEqual(wrong, { ok: false, error: 'time: invalid duration "soon"' });
  });
});
