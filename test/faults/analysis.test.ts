// A release whose metric source fails: limits are honoured, an error aborts with the reason, and no secret is written anywhere.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ANALYSIS_RUN, POD, REPLICA_SET } from '../../src/kinds/resource-type.js';
import type { HttpSend } from '../../src/lib/http.js';
import { goQuote } from '../../src/lib/go-json.js';
import { err, ok } from '../../src/lib/result.js';
import { list, plain, record } from '../scenarios/reduce.js';
import { byHosts, object, setImage, template } from './manifests.js';
import { screenSentence } from './screen-sentence.js';
import { openStage, specOf, statusOf } from './stage.js';
import type { Stage } from './stage.js';

const DOWN: HttpSend = async () => err({ type: 'refused', message: 'connection refused (connect ECONNREFUSED 10.0.0.1:9090)' });
const answers = (...values: readonly (number | undefined)[]): HttpSend => {
  let turn = 0;
  return async () => {
    const value = values[Math.min(turn, values.length - 1)];
    turn += 1;
    return value === undefined ? err({ type: 'timeout', message: 'no complete answer within 10 s' }) : ok({ status: 200, headers: {}, body: JSON.stringify({ value }) });
  };
};

const STEP = { steps: [{ setWeight: 20 }, { analysis: { templates: [{ templateName: 'rate' }] } }, { setWeight: 60 }] };

async function analysed(metrics: HttpSend, metric: Readonly<Record<string, unknown>> = {}, canary: Readonly<Record<string, unknown>> = STEP): Promise<Stage> {
  const stage = await openStage();
  await stage.create(template('rate', metric), ...byHosts(canary));
  await stage.untilPhase('Healthy');
  stage.metrics = metrics;
  stage.weights.length = 0;
  await stage.person(setImage('v2'));
  return stage;
}

const runStatus = async (stage: Stage): Promise<Readonly<Record<string, unknown>>> => statusOf((await stage.list(ANALYSIS_RUN))[0]);

describe('a source that is down', () => {
  test('five errors in a row are one too many: aborted, traffic home, the reason on the screen', async () => {
    const stage = await analysed(DOWN);
    await stage.untilPhase('Degraded', 120);
    await stage.run(2);
    const run = await runStatus(stage);
    assert.equal(run['phase'], 'Error');
    assert.equal(run['message'], 'Metric "rate" assessed Error due to consecutiveErrors (5) > consecutiveErrorLimit (4): '
      + '"Error Message: Get "http://metrics.test/cart": connection refused (connect ECONNREFUSED 10.0.0.1:9090)"');
    assert.deepEqual(stage.weights, [20, 0]);
    assert.match(await screenSentence(stage), /rate could not be measured, 5 errors, limit 4: .*connection refused/);
    assert.ok((await stage.events('RolloutAborted')).some((message) => message.includes('connection refused')));
    await stage.run(60);
    assert.equal((await stage.list(POD)).length, 4);
    await stage.stop();
  });

  test('four errors in a row are not, and count for nothing when it is back', async () => {
    const stage = await analysed(answers(undefined, undefined, undefined, undefined, 0.99, undefined, undefined, undefined, undefined, 0.99, 0.99));
    await stage.untilPhase('Healthy', 240);
    const [result] = list((await runStatus(stage))['metricResults']).map(record);
    assert.deepEqual([result?.['phase'], result?.['successful'], result?.['count'], result?.['error']], ['Successful', 3, 3, 8]);
    await stage.stop();
  });

  test('a limit of its own', async () => {
    const stage = await analysed(DOWN, { consecutiveErrorLimit: 0 });
    await stage.untilPhase('Degraded', 30);
    assert.match(plain((await runStatus(stage))['message']), /consecutiveErrors \(1\) > consecutiveErrorLimit \(0\)/);
    await stage.stop();
  });

  test('in the background: aborted from whatever step it is at', async () => {
    const stage = await analysed(answers(0.99, 0.99, undefined), { count: undefined }, { steps: [{ setWeight: 30 }, { pause: {} }], analysis: { templates: [{ templateName: 'rate' }] } });
    await stage.untilPhase('Paused', 30);
    await stage.untilPhase('Degraded', 120);
    assert.deepEqual(stage.weights, [30, 0]);
    await stage.stop();
  });

  test('a dry run aborts nothing', async () => {
    const dry = { steps: [{ setWeight: 20 }, { analysis: { templates: [{ templateName: 'rate' }], dryRun: [{ metricName: 'rate' }] } }] };
    const stage = await analysed(DOWN, {}, dry);
    await stage.untilPhase('Healthy', 120);
    await stage.stop();
  });

  test('a source that hangs holds up no other rollout, and an abort at once', async () => {
    const stage = await analysed(() => new Promise(() => undefined));
    await stage.untilStep(1);
    await stage.run(20);
    await stage.person('abort cart');
    await stage.run(2);
    assert.equal(await stage.weight(), 0);
    await stage.stop();
  });
});

test('after an abort by errors, a retry measures anew and ends well', async () => {
  const stage = await analysed(DOWN, { consecutiveErrorLimit: 1 });
  await stage.untilPhase('Degraded', 60);
  stage.metrics = answers(0.99);
  await stage.person('retry rollout cart');
  await stage.untilPhase('Healthy', 120);
  assert.deepEqual((await stage.list(ANALYSIS_RUN)).map((run) => plain(statusOf(run)['phase'])).toSorted((a, b) => a.localeCompare(b)), ['Error', 'Successful']);
  await stage.run(60);
  assert.deepEqual((await stage.list(REPLICA_SET)).map((set) => Number(specOf(set)['replicas'])).toSorted((a, b) => a - b), [0, 4]);
  await stage.stop();
});

describe('a secret is written nowhere', () => {
  const TOKEN = 'p@ss word/+"\\&=é';
  const FORMS = [TOKEN, encodeURIComponent(TOKEN), new URLSearchParams({ x: TOKEN }).toString().slice(2), JSON.stringify(TOKEN).slice(1, -1), goQuote(TOKEN).slice(1, -1), Buffer.from(TOKEN).toString('base64'), new URL(`http://h/?t=${TOKEN}`).search.slice(3)];
  const provider = { web: { url: 'http://metrics.test/cart?token={{args.token}}', headers: [{ key: 'Authorization', value: 'Bearer {{args.token}}' }], jsonPath: '{$.value}' } };
  const secret = object('v1', 'Secret', 'source', { data: { token: Buffer.from(TOKEN).toString('base64') } });
  const spoken = (body: string, status = 200): HttpSend => async () => ok({ status, headers: {}, body });
  const rows: readonly (readonly [name: string, send: HttpSend, condition: string])[] = [
    ['a failure that tells the URL', async (request) => err({ type: 'failed', message: `can not connect to ${request.url}` }), 'result == 1'],
    ['a failure that tells the normal form of the URL', async (request) => err({ type: 'failed', message: `can not connect to ${new URL(request.url).href}` }), 'result == 1'],
    ['an answer that repeats it as a value', spoken(JSON.stringify({ value: `no access for ${TOKEN}` })), 'result == "x"'],
    ['an answer that repeats it encoded', spoken(JSON.stringify({ value: `no access for ${encodeURIComponent(TOKEN)} ${Buffer.from(TOKEN).toString('base64')}` })), 'result == "x"'],
    ['a page that repeats it', spoken(`<html>${TOKEN}</html>`), 'result == 1'],
    ['a condition that can not be evaluated', spoken(JSON.stringify({ value: TOKEN })), 'asInt(result) == 1'],
    ['a field that is not there', spoken(JSON.stringify({ other: TOKEN })), 'result == 1'],
  ];
  for (const [name, send, condition] of rows) {
    test(name, async () => {
      const stage = await openStage();
      const asked: string[] = [];
      const args = [{ name: 'token', valueFrom: { secretKeyRef: { name: 'source', key: 'token' } } }];
      await stage.create(secret, template('rate', { consecutiveErrorLimit: 0, failureLimit: 0, count: 1, interval: undefined, successCondition: condition }, provider, args), ...byHosts(STEP));
      await stage.untilPhase('Healthy');
      stage.metrics = (request, signal) => {
        asked.push(`${request.url} ${request.headers?.['Authorization'] ?? ''}`);
        return send(request, signal);
      };
      await stage.person(setImage('v2'));
      await stage.until('a measurement', async () => ['Failed', 'Error', 'Successful'].includes(plain((await runStatus(stage))['phase'])), 60);
      await stage.run(20);
      assert.ok(asked.length > 0 && asked.every((line) => line.includes(TOKEN)), asked.join('\n'));
      const dump = await everything(stage);
      for (const form of FORMS) assert.ok(!dump.includes(form), `${form} in …${dump.slice(Math.max(0, dump.indexOf(form) - 200), dump.indexOf(form) + 100)}`);
      await stage.stop();
    });
  }
});

/** All objects but Secrets, the log, and the sentence of the screen, as plain texts. */
async function everything(stage: Stage): Promise<string> {
  const types = await Promise.all(['', 'apps', 'argoproj.io', 'networking.istio.io', 'coordination.k8s.io'].map((group) => stage.cluster.discover(group)));
  const texts: string[] = [...stage.log, await screenSentence(stage)];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) { texts.push(key); collect(inner); }
  };
  for (const type of types.flatMap((found) => (found.ok ? found.value : []))) {
    if (type.kind !== 'Secret') for (const each of await stage.list(type)) collect(each);
  }
  return texts.join('\n');
}
