// `sluice engine --metrics-address` beside `sluice serve`: what Prometheus would read of a release, over HTTP.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Exposition, readExposition } from '../support/exposition.js';
import { Running, sluice, startServer, until } from '../support/sluice.js';
import { MILL_AND_TILL, SHOP } from './manifests.js';

async function scrape(url: string): Promise<Exposition> {
  const answer = await fetch(url);
  assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/plain; version=0.0.4; charset=utf-8']);
  return readExposition(await answer.text());
}

const infos = ({ series }: Exposition): readonly string[] =>
  series.filter(({ name, value }) => name === 'rollout_info' && value === 1).map(({ labels: { namespace, name, strategy, traffic_router: router, phase } }) => [namespace, name, strategy, router, phase].join(' ')).toSorted();

test('an engine tells of the rollouts that it drives, of its work, and that it is there', async (t) => {
  const server = await startServer(`${MILL_AND_TILL}---\n${SHOP}`, ['--engine', 'off']);
  t.after(() => server.stop());
  const engine = new Running(['engine', '--metrics-address', ':0'], { KUBECONFIG: server.kubeconfig });
  t.after(() => engine.end());
  await engine.says(/^figures at http:\/\/127\.0\.0\.1:\d+\/metrics$/m);
  const url = /http:\S+/.exec(engine.stdout)?.[0] ?? '';
  assert.equal(await (await fetch(url.replace('/metrics', '/healthz'))).text(), 'ok\n');
  const wanted = ['default mill canary  Completed', 'default shop canary Istio Completed', 'default till blueGreen  Completed'];
  await until('three completed rollouts', async () => infos(await scrape(url)).join() === wanted.join());
  await server.run('set', 'image', 'mill', 'main=reg.test/mill:2');
  await until('a paused rollout', async () => infos(await scrape(url)).includes('default mill canary  Paused'));
  await server.run('abort', 'mill');
  const text = await until('an aborted rollout', async () => {
    const seen = await scrape(url);
    return infos(seen).includes('default mill canary  Abort') && seen;
  });
  const mill = { namespace: 'default', name: 'mill' };
  assert.deepEqual(text.values('rollout_events_total', { ...mill, type: 'Warning', reason: 'RolloutAborted' }), [1]);
  assert.deepEqual(text.values('rollout_info_replicas_desired', { name: 'shop' }), [2]);
  assert.ok((text.values('rollout_reconcile_count', mill)[0] ?? 0) > 3);
  assert.ok((text.values('controller_clientset_k8s_request_total', { kind: 'rollouts', ...mill, verb: 'Patch', status_code: '200' })[0] ?? 0) > 3);
  assert.ok((text.values('workqueue_adds_total', { name: 'Rollouts' })[0] ?? 0) > 3);
  assert.equal(await engine.end(), 0);
});

test('an engine whose figures can not be served drives nothing', async (t) => {
  const server = await startServer('', ['--engine', 'off']);
  t.after(() => server.stop());
  const environment = { KUBECONFIG: server.kubeconfig };
  const first = new Running(['engine', '--metrics-address', ':0'], environment);
  t.after(() => first.end());
  await first.says('leading as');
  const address = /127\.0\.0\.1:\d+/.exec(first.stdout)?.[0] ?? '';
  const second = await sluice(['engine', '--metrics-address', address], environment);
  assert.deepEqual([second.code, second.stdout, second.stderr], [1, '', `Error: --metrics-address: no figures at ${address}: something else listens there: name another port\n`]);
  const wrong = await sluice(['engine', '--metrics-address', 'here'], environment);
  assert.deepEqual([wrong.code, wrong.stderr.includes('such as 127.0.0.1:8090')], [2, true]);
});
