// The apps over real HTTP: the split that the routes make is the split that a client sees.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { systemClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import { answerApp } from '../../src/sandbox/app-answer.js';
import { startApps } from '../../src/sandbox/http/apps.js';
import { destinationRule, pods, service, virtualService, worldOf } from './objects.js';

type Answer = { readonly code: number; readonly body: Readonly<Record<string, string>> };

function ask(url: string, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('end', () => resolve({ code: response.statusCode ?? 0, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) }));
    });
    sent.on('error', reject).end();
  });
}

test('each app has a port of its own and answers as its routes say', async () => {
  const hash = 'rollouts-pod-template-hash';
  const world = worldOf([
    service('shop', { app: 'shop' }), ...pods('shop', 'v1', 2), ...pods('shop', 'v2', 2), destinationRule('shop', 'shop', { stable: { [hash]: 'v1' }, canary: { [hash]: 'v2' } }),
    virtualService('shop', ['shop'], [{ host: 'shop', subset: 'stable', weight: 50 }, { host: 'shop', subset: 'canary', weight: 50 }]),
    service('empty', { app: 'empty' }),
  ]);
  const rng = createRng(4);
  const healthy = { '*': { errorPercent: 0, slowFactor: 0.01 } };
  const hosts = [{ namespace: 'default', name: 'shop' }, { namespace: 'default', name: 'empty' }];
  const apps = await startApps({ hosts, clock: systemClock, answer: (one) => answerApp(world, one, healthy, rng) });
  assert.ok(apps.ok);
  const [shop = '', empty = ''] = hosts.map((host) => apps.value.urlOf(host));
  try {
    assert.match(shop, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.notEqual(shop, empty);
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(`${shop}/`)));
    const canary = answers.filter(({ body }) => body['version'] === 'v2').length;
    assert.ok(canary > 5 && canary < 35, `${canary} of 40`);
    assert.deepEqual((await ask(`${shop}/version/v2/status`)).body['version'], 'v2');
    assert.equal((await ask(`${shop}/?fail=true`)).code, 500);
    assert.deepEqual(await ask(`${empty}/`), { code: 503, body: { error: 'no healthy upstream', service: 'empty' } });
    assert.equal((await ask(`${shop}/`, 'DELETE')).code, 405);
    assert.deepEqual(await ask(`${shop}/version/%E0%A4%A/status`), { code: 503, body: { error: 'no ready pod of version %E0%A4%A', service: 'shop' } });
    const port = Number(new URL(shop).port);
    const taken = await startApps({ hosts: [{ namespace: 'default', name: 'late', port }], clock: systemClock, answer: (one) => answerApp(world, one, healthy, rng) });
    assert.ok(!taken.ok && taken.error.startsWith('no port for the app default/late: '));
  } finally {
    await apps.value.stop();
  }
});
