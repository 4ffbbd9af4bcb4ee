// Screens of any size, also of none that anybody would choose: nothing is drawn outside, nothing falls over, and where a question
// could not be read nothing is asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Frame } from '../../src/console/frame.js';
import { ACTIONS } from '../../src/console/actions.js';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import { update } from '../../src/console/update.js';
import { createRng } from '../../src/lib/rng.js';
import { textWidth } from '../../src/lib/text-width.js';
import { NOW } from '../support/builders.js';
import { aModel, press, send, severalClusters } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

function assertInside({ panes, size }: Frame, what: string): void {
  for (const { id, box, body } of panes) {
    assert.ok(box.left >= 0 && box.top >= 0 && box.left + box.columns <= size.columns && box.top + box.rows <= Math.max(1, size.rows), `${what}: ${id} ${JSON.stringify(box)} in ${JSON.stringify(size)}`);
    if (body.type !== 'text') continue;
    for (const line of body.lines) assert.ok(line.reduce((sum, { text }) => sum + textWidth(text), 0) <= box.columns, `${what}: ${id}: ${JSON.stringify(line)}`);
  }
}

const resized = (model: Model, columns: number, rows: number): Model => send(model, { type: 'resized', size: { columns, rows } });

test('every size from 1x1 on has a frame', () => {
  const scenes = { list: aModel(80, 24), several: severalClusters(80, 24), rollout: press(aModel(80, 24), 'enter')[0], why: press(aModel(80, 24), 'w')[0], question: press(aModel(80, 24), 'p')[0], help: press(aModel(80, 24), '?')[0], nothing: aModel(80, 24, 'nothing yet') };
  for (const [name, scene] of Object.entries(scenes)) {
    for (let columns = 1; columns <= 46; columns += 1) for (let rows = 1; rows <= 13; rows += 1) assertInside(render(resized(scene, columns, rows)), `${name} ${columns}x${rows}`);
  }
});

test('the compact form says how many wait, and what is open, with the cursor in sight', () => {
  const list = resized(aModel(80, 24), 20, 5);
  assert.match(printFrame(render(list)), /^● 2 wait of 5\n‖ a-team\/silly-demo\n/);
  const [below] = press(list, 'j', 'j', 'j', 'j', 'j', 'j');
  const raised = render(below).panes.flatMap(({ body }) => (body.type === 'text' ? body.lines : [])).find((line) => line.some((each) => each.raised === true));
  assert.match(raised?.map(({ text }) => text).join('') ?? '', /colorapi/);
  assert.match(printFrame(render(press(list, 'enter')[0])), /silly-demo\npaused 2\/7 20%\nwaits for a person|silly-demo\npaused 2\/7 20%/);
  assert.match(printFrame(render(press(list, 'w')[0])), /Why a-team\/silly-d/);
});

test('where no question could be read nothing is asked and nothing is answered; from 40x10 on everything is', () => {
  for (const [columns, rows] of [[29, 24], [80, 7], [12, 4]] as const) {
    const [told, effects] = press(resized(aModel(80, 24), columns, rows), 'p', 'y');
    assert.deepEqual([told.question, effects.filter(({ type }) => type === 'apply'), told.notice?.text], [undefined, [], 'too small to ask']);
    const asked = resized(press(aModel(80, 24), 'p')[0], columns, rows);
    assert.match(printFrame(render(asked)), /too small/);
    const [still, sent] = press(asked, 'y');
    assert.deepEqual([still.question === undefined, sent.filter(({ type }) => type === 'apply')], [false, []]);
    assert.equal(press(resized(still, 80, 24), 'y')[1].filter(({ type }) => type === 'apply').length, 1);
  }
  assert.equal(press(resized(aModel(80, 24), 40, 10), 'p', 'y')[1].filter(({ type }) => type === 'apply').length, 1);
});

test('keys and sizes by chance: four walks of four hundred steps', () => {
  const keys = [...new Set(ACTIONS.flatMap((action) => action.keys)), 'x', '7', 'é', '漢'].filter((key) => key !== 'ctrl-c' && key !== 'q');
  for (let seed = 1; seed <= 4; seed += 1) {
    const rng = createRng(seed);
    let model: Model = seed % 2 === 0 ? severalClusters(80, 24) : aModel(80, 24);
    const walk: string[] = [];
    for (let step = 0; step < 400; step += 1) {
      const key = keys[rng.int(keys.length)] ?? 'j';
      const size = rng.int(4) === 0 ? { columns: 1 + rng.int(rng.int(3) === 0 ? 220 : 60), rows: 1 + rng.int(rng.int(3) === 0 ? 60 : 16) } : undefined;
      walk.push(size === undefined ? key : `${size.columns}x${size.rows}`);
      try {
        model = size === undefined ? update(model, { type: 'key', key: { name: key, burst: false }, now: NOW + step * 1000 })[0] : send(model, { type: 'resized', size });
        assertInside(render(model), 'walk');
      } catch (error) {
        throw new Error(`seed ${seed}, after ${walk.slice(-12).join(' ')}`, { cause: error });
      }
    }
  }
});
