// Screens of any size, also of none that anybody would choose: nothing is drawn outside, nothing falls over, and where a question
// could not be read nothing is asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Frame } from '../../src/console/frame.js';
import { ACTIONS } from '../../src/console/actions.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import { update } from '../../src/console/update.js';
import { createRng } from '../../src/lib/rng.js';
import { textWidth } from '../../src/lib/text-width.js';
import { type TableColumn, tableContents } from '../../src/console/page-table.js';
import { anEvent, aReplicaSet, aRollout, aSnapshot, CANARY_HASH, NOW } from '../support/builders.js';
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

test('long names that begin alike can be told apart in the list', () => {
  const names = ['checkout-payments/payments-gateway-canary-eu', 'checkout-payments/payments-gateway-canary-us'];
  const snapshot = aSnapshot({ rollouts: names.map((name) => aRollout(name).canary([{ setWeight: 20 }]).build()) });
  for (const [columns, wanted] of [[120, names], [100, names], [80, ['-canary-eu', '-canary-us']], [40, ['-canary-eu', '-canary-us']]] as const) {
    const text = printFrame(render(aModel(columns, 24, snapshot)));
    for (const name of wanted) assert.ok(text.includes(name), `${name} at ${columns}:\n${text}`);
    assert.match(text, /progressing|healthy/i);
  }
});

test('a column that grows is narrower before it is left out', () => {
  const columns: readonly TableColumn<string>[] = [
    { id: 'time', head: 'TIME', width: 8, priority: 1, text: () => '12:00:00' },
    { id: 'what', head: 'WHAT', width: 20, priority: 2, grows: true, text: (row) => row },
    { id: 'who', head: 'WHO', width: 5, priority: 3, text: () => 'ana' },
  ];
  const lineAt = (room: number): string => tableContents(columns, [{ id: '1', row: 'RolloutUpdated: Rollout updated' }], room, { sort: undefined, left: 0 }).lines[0]?.line.map(({ text }) => text).join('') ?? '';
  assert.equal(lineAt(38), '12:00:00 RolloutUpdated: Rollou… ana  ');
  assert.equal(lineAt(24), '12:00:00 RolloutUpdated…');
  assert.equal(lineAt(18), '12:00:00');
});

test('a question that does not fit says what will be, then its notes, before where it is', () => {
  const asked = press(resized(aModel(80, 24), 60, 10), 'X')[0];
  const { question } = asked;
  assert.ok(question !== undefined && 'proposal' in question);
  const noted = { ...asked, question: { ...question, proposal: { ...question.proposal, notes: ['the route is checked'] } } };
  const text = printFrame(render(noted));
  assert.match(text, /then [^]*note +the route is checked[^]*where [^]*yes, roll back/);
});

test('narrow columns tell the same in fewer words, and never cut without saying so', () => {
  const events = [
    anEvent('canary-rollout-demo/canary-demo-app', { reason: 'RolloutAborted', message: 'Rollout aborted update to revision 4: Metric "error-rate" assessed Failed', secondsAgo: 20, type: 'Warning' }),
    anEvent('canary-rollout-demo/canary-demo-app', { reason: 'OperatorPromote', message: 'ana (a.k@shop.example)@jump-2: promote it', secondsAgo: 40 }),
  ];
  const shown = (columns: number, key: string): readonly string[] => {
    const model = press(aModel(columns, 24, aSnapshot({ rollouts: [aRollout('canary-rollout-demo/canary-demo-app').build()], events })), key)[0];
    return printFrame(render(model)).split('\n').filter((line) => /promote it|aborted/.test(line)).map((line) => line.replace(/^. /, '').replace(/^.?\d\d:\d\d:\d\d +(?:\d+s )?/, ''));
  };
  assert.deepEqual(shown(80, 'W'), ['engine       canar…/canary-demo-app aborted update to revision 4: Me…', 'ana@jump-2   canar…/canary-demo-app promote it']);
  assert.deepEqual(shown(80, 'T').slice(0, 2), ['engine       aborted update to revision 4: Metric "error-rate"…', 'ana@jump-2   promote it']);
  assert.deepEqual(shown(40, 'W'), ['canary-…mo-app aborted updat…', 'canary-…mo-app promote it']);
  assert.match(shown(220, 'W')[0] ?? '', /rollouts-controller +canar…\/canary-demo-app RolloutAborted: Rollout aborted update to revision 4/);
});

test('an event says at every width of what it is, and whether it warns', () => {
  const about = (kind: string, name: string, event: KubeObject): KubeObject => ({ ...event, involvedObject: { kind, name, namespace: 'shop', uid: event.metadata.uid } });
  const events = [
    anEvent('shop/cart', { reason: 'RolloutUpdated', message: 'Rollout updated to revision 7', secondsAgo: 60 }),
    about('Pod', `cart-${CANARY_HASH}-x2x1z`, anEvent('shop/pod', { reason: 'BackOff', message: 'Back-off restarting failed container app', secondsAgo: 20, type: 'Warning' })),
  ];
  const sets = [aReplicaSet('shop/cart', { hash: CANARY_HASH, revision: 7, wanted: 1 })];
  const shown = (columns: number): readonly string[] =>
    printFrame(render(press(aModel(columns, 24, aSnapshot({ rollouts: [aRollout('shop/cart').build()], replicaSets: sets, events })), 'e')[0])).split('\n').filter((line) => /Updated|BackOff/.test(line));
  assert.match(shown(80)[0] ?? '', / 21s ⚠ BackOff +po\/cart-6f9…54-x2x1z .*Back-off restarting/);
  assert.match(shown(80)[1] ?? '', / 61s {3}RolloutUpdated +Rollout cart +Rollout updated/);
  assert.match(shown(40)[0] ?? '', / 21s ⚠ BackOff +po\/.*x2x1z/);
  assert.match(shown(140)[0] ?? '', / 21s Warning BackOff +Pod cart-6f9c7d8b54-x2x1z .*Back-off restarting/);
});
