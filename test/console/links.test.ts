// Links to other tools: what the settings may say, and what comes of it for a rollout.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../src/console/render.js';
import { parseSettings } from '../../src/console/settings/parse.js';
import { NO_SETTINGS, type SettingsLayers } from '../../src/console/settings/resolve.js';
import { aReplicaSet, aRollout, aSnapshot, CANARY_HASH, NOW } from '../support/builders.js';
import { aModel, press } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

function settingsOf(links: unknown): SettingsLayers {
  const parsed = parseSettings({ links });
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return { ...NO_SETTINGS, file: parsed.value };
}

const WRONG: readonly (readonly [unknown, RegExp])[] = [
  ['https://x', /must be a list of links/],
  [[{ name: 'a' }], /must hold links that have name and url/],
  [[{ name: 'a', url: 'https://x', more: 1 }], /must hold links that have name and url/],
  [[{ name: 'Grafana', url: 'https://x/{nam}' }], /'Grafana', whose url has no field \{nam\}; fields are context, namespace, name/],
  [[{ name: 'a', url: 'javascript:alert(1)' }], /must begin with http:\/\/ or https:\/\//],
  [[{ name: 'a', url: 'https://x/\u001b]8;;' }], /hold no blanks/],
  [[{ name: 'a', url: 'https://x/a b' }], /hold no blanks/],
];

for (const [links, reason] of WRONG) {
  test(`links ${JSON.stringify(links)} are refused with the reason`, () => {
    const parsed = parseSettings({ links });
    assert.ok(!parsed.ok);
    assert.match(JSON.stringify(parsed.error), reason);
  });
}

const ROLLOUT = aRollout('shop/cart').metadata({ labels: { team: 'a&b=c/d é' }, annotations: { 'acme.io/board': 'x7', 'rollout.argoproj.io/revision': '7' } }).build();
const SETS = [aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 1, ageSeconds: 60, image: 'reg/cart:2' })];
const LINKS = [
  { name: 'Grafana', url: 'https://grafana.example/d/{annotation:acme.io/board}?var-ns={namespace}&var-app={name}&from={began}&team={label:team}' },
  { name: 'Argo CD', url: 'http://argo.example/{context}/{revision}/{canaryHash}-{stableHash}?image={image}' },
  { name: 'Owner', url: 'https://wiki.example/{label:owner}' },
];

test('a key shows them with the fields of the rollout encoded; what it lacks is said', () => {
  const [model] = press(aModel(200, 20, aSnapshot({ rollouts: [ROLLOUT], replicaSets: SETS }), settingsOf(LINKS)), 'L');
  const frame = printFrame(render(model));
  assert.ok(frame.includes(`Grafana  https://grafana.example/d/x7?var-ns=shop&var-app=cart&from=${NOW - 60_000}&team=a%26b%3Dc%2Fd%20%C3%A9`), frame);
  assert.match(frame, /Argo CD {2}http:\/\/argo\.example\/sluice\/7\/6f9c7d8b54-5bd8c6f7d9\?image=cart%3A2/);
  assert.match(frame, /Owner {4}it has no label:owner/);
  const spans = render(model).panes.flatMap(({ body }) => (body.type === 'text' ? body.lines.flat() : []));
  assert.equal(spans.filter(({ link }) => link !== undefined).length, 2);
});

test('enter copies the link under the cursor, whole however narrow the screen is', () => {
  const narrow = aModel(50, 20, aSnapshot({ rollouts: [ROLLOUT], replicaSets: SETS }), settingsOf(LINKS));
  const effects = press(narrow, 'L', 'down', 'enter')[1];
  assert.deepEqual(effects.filter(({ type }) => type === 'copy'), [{ type: 'copy', text: 'http://argo.example/sluice/7/6f9c7d8b54-5bd8c6f7d9?image=cart%3A2', what: 'The link to Argo CD' }]);
  assert.deepEqual(press(narrow, 'L', 'down', 'down', 'enter')[1].filter(({ type }) => type === 'copy'), []);
});

test('without links the screen says how to have them', () => {
  assert.match(printFrame(render(press(aModel(120, 20), 'L')[0])), /the settings have no links: links: \[\{ name: Grafana/);
});
