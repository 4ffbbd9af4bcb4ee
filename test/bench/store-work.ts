// How many writes the store takes, and how many watch events it hands on, in a second of processor time.

import { createStore } from '../../src/apiserver/store/store.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import { POD } from '../../src/kinds/resource-type.js';
import { createRng } from '../../src/lib/rng.js';

export type StoreFigures = { readonly writesPerSecond: number; readonly deliveriesPerSecond: number };

const NOW = Date.parse('2026-11-21T10:00:00Z');
const OBJECTS = 500;
const ROUNDS = 20;
const WATCHERS = 10;

const pod = (name: string, node: string): object => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', labels: { app: name } },
  spec: { nodeName: node, containers: [{ name: 'main', image: 'bench.test/main:1', ports: [{ containerPort: 8080 }] }] },
});

function secondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

export function measureStore(): StoreFigures {
  const store = createStore({ now: NOW, rng: createRng(1), definitions: customResourceDefinitions() });
  const write = (round: number): void => {
    for (let place = 0; place < OBJECTS; place += 1) {
      const name = `pod-${place}`;
      const answer = round === 0
        ? store.execute({ verb: 'create', type: POD, namespace: 'default', name, body: pod(name, 'node-1'), options: {} }, NOW)
        : store.execute({ verb: 'patch', type: POD, namespace: 'default', name, subresource: 'status', patchType: 'merge', body: { status: { phase: round % 2 === 0 ? 'Running' : 'Pending' } }, options: {} }, NOW + round);
      if (!answer.ok) throw new Error(answer.error.message);
    }
  };
  write(0);
  const alone = secondsOf(() => { for (let round = 1; round <= ROUNDS; round += 1) write(round); });
  let deliveries = 0;
  for (let watcher = 0; watcher < WATCHERS; watcher += 1) {
    const opened = store.watch({ type: POD, options: {} }, () => { deliveries += 1; });
    if (!opened.ok) throw new Error(opened.error.message);
  }
  deliveries = 0;
  const watched = secondsOf(() => { for (let round = ROUNDS + 1; round <= 2 * ROUNDS; round += 1) write(round); });
  return { writesPerSecond: (OBJECTS * ROUNDS) / alone, deliveriesPerSecond: deliveries / watched };
}
