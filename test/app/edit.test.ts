// A rollout in the person's editor: what nobody took is not lost.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import { editObject } from '../../src/app/edit.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { refOf } from '../../src/kinds/object-ref.js';
import { ROLLOUT } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import { aRollout } from '../support/builders.js';
import { temporaryFolder } from '../support/sluice.js';

const START = Date.UTC(2026, 10, 21);
const folder = temporaryFolder();
process.env['TMPDIR'] = folder.path;
after(() => folder.remove());

async function edited(script: string): Promise<ReturnType<typeof editObject>> {
  const clock = new VirtualClock(START);
  const cluster = createInProcessCluster({ store: createStore({ now: START, rng: createRng(1), definitions: customResourceDefinitions() }), clock, name: 'test' });
  const { status: _, ...manifest } = aRollout('default/cart').canary([{ setWeight: 20 }, { pause: {} }]).build() as KubeObject & { status?: unknown };
  const { uid: _uid, resourceVersion: _version, generation: _generation, ...metadata } = manifest.metadata;
  const created = await cluster.create(refOf(ROLLOUT, manifest), { ...manifest, metadata });
  assert.ok(created.ok, JSON.stringify(created));
  const editor = folder.file('editor.sh', `#!/bin/sh\n${script}\n`);
  chmodSync(editor, 0o755);
  return editObject(cluster, created.value, { ...process.env, VISUAL: editor });
}

test('what was refused, and not corrected, stays in the file that the refusal names', async () => {
  const outcome = await edited('grep -q REFUSED "$1" || sed -i "s/setWeight: 20/setWeights: 20/" "$1"');
  assert.ok(!outcome.ok, JSON.stringify(outcome));
  const file = /^nothing was sent; it was refused: .*; what you wrote is in (.*)$/.exec(outcome.error)?.[1] ?? '';
  assert.match(readFileSync(file, 'utf8'), /setWeights: 20/);
  rmSync(path.dirname(file), { recursive: true });
});

test('what was taken, or not edited, leaves no file behind', async () => {
  const taken = await edited('sed -i "s/setWeight: 20/setWeight: 30/" "$1"');
  assert.ok(taken.ok, JSON.stringify(taken));
  assert.deepEqual(taken.value.lines, ['spec.strategy.canary.steps[0].setWeight: 20 becomes 30']);
  const same = await edited(':');
  assert.equal(same.ok ? '' : same.error, 'nothing was edited: nothing was sent.');
  assert.deepEqual(readdirSync(folder.path).filter((name) => name.startsWith('sluice-edit-')), []);
  assert.ok(existsSync(folder.path));
});
