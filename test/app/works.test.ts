// What takes longer than a moment is told, with how far it is, and can be stopped: the request is aborted.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { downloadLogs } from '../../src/app/download.js';
import { createNeeds } from '../../src/app/needs.js';
import { startReading } from '../../src/app/reading.js';
import { createWorks } from '../../src/app/works.js';
import type { Cluster, ListOptions } from '../../src/cluster/cluster.js';
import { cancelled } from '../../src/cluster/errors.js';
import type { Msg } from '../../src/console/message.js';
import type { LogSource } from '../../src/console/need.js';
import type { KubeList } from '../../src/kinds/kube-object.js';
import { leaseRef } from '../../src/controllers/lease-record.js';
import { HORIZONTAL_POD_AUTOSCALER } from '../../src/kinds/resource-type.js';
import { sleep, VirtualClock } from '../../src/lib/clock.js';
import { err, ok, type Result } from '../../src/lib/result.js';
import { createRng } from '../../src/lib/rng.js';
import type { ClusterError } from '../../src/cluster/cluster.js';
import { scriptedCluster } from '../cluster/scripted-cluster.js';
import { aRollout, NOW } from '../support/builders.js';

type Bench = { readonly clock: VirtualClock; readonly works: ReturnType<typeof createWorks>; shown(): string; lastId(): number };

function bench(): Bench {
  const clock = new VirtualClock(NOW);
  const messages: (Msg & { readonly type: 'work' })[] = [];
  const works = createWorks(clock, (message) => {
    if (message.type === 'work') messages.push(message);
  });
  return {
    clock,
    works,
    shown: () => {
      const last = messages.at(-1);
      return last?.work === undefined ? '' : `${last.work.words} (${last.work.progress})`;
    },
    lastId: () => messages.at(-1)?.id ?? 0,
  };
}

/** Pages of so many rollouts that take a second each, until the request is aborted. */
function slowCluster(clock: VirtualClock, pages: number): Cluster & { aborted: number } {
  const cluster = scriptedCluster();
  const slow = {
    ...cluster,
    aborted: 0,
    async list(_type: unknown, { signal, continue: from = '0' }: ListOptions = {}): Promise<Result<KubeList, ClusterError>> {
      if (!(await sleep(clock, 1000, signal))) {
        slow.aborted += 1;
        return err(cancelled('the list'));
      }
      const page = Number(from) + 1;
      const items = Array.from({ length: 500 }, (_, place) => aRollout(`shop/r${page}-${place}`).build());
      return ok({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '5', ...(page < pages ? { continue: String(page) } : {}) }, items });
    },
  };
  return slow;
}

test('what is done within a moment is never shown; what is not, is, and goes when it has ended', async () => {
  const { clock, works, shown } = bench();
  const quick = works.start('asking', true);
  await clock.runUntil(clock.now() + 199);
  quick.end();
  await clock.runUntil(clock.now() + 1000);
  assert.equal(shown(), '');
  const slow = works.start('reading', true);
  slow.tell('7 lines');
  await clock.runUntil(clock.now() + 200);
  assert.equal(shown(), 'reading (7 lines)');
  slow.tell('8 lines');
  slow.tell('9 lines');
  await clock.runUntil(clock.now() + 200);
  assert.equal(shown(), 'reading (9 lines)');
  slow.end();
  assert.equal(shown(), '');
});

test('the first reading of a cluster is counted; stopped, its requests are aborted and it says so; again, it reads all', async () => {
  const { clock, works, shown, lastId } = bench();
  const cluster = slowCluster(clock, 6);
  const reading = startReading(
    { cluster, clock, rng: createRng(1), embedded: false, lease: leaseRef('argo-rollouts'), leadingAs: () => undefined, onChange: () => {}, namespaces: [], likelyNamespaces: () => [] },
    works,
  );
  await clock.runUntil(clock.now() + 3500);
  // Seven kinds are read at once, three pages of each have come; events wait for the rollouts.
  assert.match(shown(), /^reading \S+ \(10,500 objects\)$/);
  works.cancel(lastId());
  await clock.runUntil(clock.now() + 100);
  assert.equal(shown(), '');
  assert.equal(cluster.aborted, 7);
  const { connection, rollouts } = reading.snapshot();
  assert.ok(connection.type === 'lost' && /stopped by hand/.test(connection.reason));
  assert.equal(rollouts.length, 0);
  reading.again();
  await clock.runUntil(clock.now() + 13_000);
  assert.equal(shown(), '');
  assert.equal(reading.snapshot().rollouts.length, 3000);
  assert.equal(reading.snapshot().connection.type, 'live');
  reading.stop();
});

test('what a screen needs is told while it is read, and aborted when the screen is left', async () => {
  const { clock, works, shown } = bench();
  const cluster = slowCluster(clock, 4);
  const needs = createNeeds({ cluster: () => cluster, clock, rng: createRng(1), works, environment: {}, who: () => 'ana', post: () => {} });
  needs.sync([{ type: 'objects', cluster: 'here', resource: HORIZONTAL_POD_AUTOSCALER, namespace: 'shop' }]);
  await clock.runUntil(clock.now() + 2500);
  assert.equal(shown(), 'reading horizontalpodautoscalers of shop (1,000 objects)');
  needs.sync([]);
  await clock.runUntil(clock.now() + 10);
  assert.deepEqual([shown(), cluster.aborted], ['', 1]);
});

test('a log is asked for until the server opens it, however silent the container is', async () => {
  const { clock, works, shown } = bench();
  let open = (): void => {};
  const cluster: Cluster = {
    ...scriptedCluster(),
    async *logs(_ref, { onOpen }, signal) {
      open = () => onOpen?.();
      await sleep(clock, 3_600_000, signal);
      yield* [];
    },
  };
  const needs = createNeeds({ cluster: () => cluster, clock, rng: createRng(1), works, environment: {}, who: () => 'ana', post: () => {} });
  needs.sync([{ type: 'log', cluster: 'here', namespace: 'shop', pod: 'cart-1', container: 'cart' }]);
  await clock.runUntil(clock.now() + 300);
  assert.equal(shown(), 'asking for the log of cart-1 cart ()');
  open();
  assert.equal(shown(), '');
  await needs.stop();
});

test('what was written before a log is opened is told apart by its time, by the clock of the server; the time is no part of the line', async () => {
  const { clock, works } = bench();
  const stamp = (secondsAgo: number): string => new Date(clock.now() + 60_000 - secondsAgo * 1000).toISOString().replace('Z', '123456Z');
  const asked: unknown[] = [];
  const posted: Msg[] = [];
  const cluster: Cluster = {
    ...scriptedCluster(),
    skewMs: () => 60_000,
    async *logs(_ref, { tailLines, timestamps }, signal) {
      asked.push([tailLines, timestamps]);
      yield* [`${stamp(30)} 2020-01-01T00:00:00Z old`, `${stamp(20)} `, `${stamp(-5)} new`, '(broke off)'];
      await sleep(clock, 3_600_000, signal);
    },
  };
  const needs = createNeeds({ cluster: () => cluster, clock, rng: createRng(1), works, environment: {}, who: () => 'ana', post: (message) => void posted.push(message) });
  const from = clock.now();
  needs.sync([{ type: 'log', cluster: 'here', namespace: 'shop', pod: 'cart-1', container: 'cart' }]);
  await clock.runUntil(clock.now() + 300);
  assert.deepEqual(asked, [[200, true]]);
  const of = { type: 'log-lines', pod: 'cart-1', container: 'cart' };
  assert.deepEqual(posted, [
    { ...of, lines: [{ text: '2020-01-01T00:00:00Z old', at: from + 30_000 }, { text: '', at: from + 40_000 }], backlog: true },
    { ...of, lines: [{ text: 'new', at: from + 65_000 }, { text: '(broke off)' }] },
  ]);
  await needs.stop();
});

test('whole logs are written to files that only their owner reads; a stop keeps what has come', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-logs-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const { works, clock, shown, lastId } = bench();
  const cluster: Cluster = {
    ...scriptedCluster(),
    async *logs(ref, _wanted, signal) {
      for (let line = 0; line < 1700; line += 1) {
        if (line === 1200 && ref.name === 'b') {
          await clock.runUntil(clock.now() + 500);
          assert.match(shown(), /\(2,500 lines\)/);
          works.cancel(lastId());
        }
        if (signal.aborted) return;
        yield `${ref.name} line ${line}`;
      }
    },
  };
  const source = (pod: string): LogSource => ({ cluster: 'here', namespace: 'shop', pod, container: 'main' });
  const whole = await downloadLogs(cluster, [source('a')], path.join(folder, 'one'), works.start('downloading', true));
  assert.ok(whole.ok, JSON.stringify(whole));
  const file = path.join(folder, 'one', 'a-main.log');
  assert.equal(readFileSync(file, 'utf8').split('\n').length, 1701);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const stopped = await downloadLogs(cluster, [source('a'), source('b'), source('c')], path.join(folder, 'two'), works.start('downloading', true));
  assert.ok(!stopped.ok && /stopped after 2,900 lines/.test(stopped.error), JSON.stringify(stopped));
  assert.deepEqual(readdirSync(path.join(folder, 'two')), ['a-main.log', 'b-main.log']);
  const refused = await downloadLogs(cluster, [source('a')], path.join(file, 'below-a-file'), works.start('downloading', true));
  assert.ok(!refused.ok && /could not be written/.test(refused.error));
});
