// What strangers write into a cluster never commands the terminal: hostile pieces in every text that is shown, on every screen,
// and a look at each byte that goes out.

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { render } from '../../src/console/render.js';
import type { Model } from '../../src/console/model.js';
import { update } from '../../src/console/update.js';
import { needKey } from '../../src/console/need.js';
import { needsOf } from '../../src/console/needs.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { systemClock } from '../../src/lib/clock.js';
import { isRecord } from '../../src/lib/deep.js';
import { DEFAULT_THEME } from '../../src/app/default-themes.js';
import { osc9 } from '../../src/app/notification.js';
import { openTerminal } from '../../src/terminal/screen.js';
import { anEvent, aRollout, NOW } from '../support/builders.js';
import { aModel, demoSnapshot, press, send } from '../support/console-scenes.js';
import { Grid } from '../support/grid.js';

const PIECES = [
  '\u001b[77;77H', '\u001b[8m', '\u001b]0;owned\u0007', '\u001b]52;c;b3duZWQ=\u0007', '\u001b]8;;http://owned\u001b\\', '\u001bPowned\u001b\\', '\u001b[?1049l', '\u001bc', '\u001b[6n', '\u001b',
  '\u009b31m', '\u009d0;owned\u009c', '\u0090owned\u009c', '\u0085', '\u0007', '\b\b\b', '\r', '\n', '\t', '\u000e', '\u007f', '\u0000',
  '\u202e', '\u2066', '\u200f', '\u200b', '\u2060', '\ufeff', '\u061c', '\u180e', '\u{e0041}', '\u2028', '\u0300\u0301\u0302\u0303', '\u3164',
  '漢字', '👩‍👩‍👧', '🇩🇪', 'ﷺ', '\ud800', '\ue000', '%s%n', '{bold}{/bold}', '{{.}}',
] as const;

function numberOf(text: string): number {
  let sum = 7;
  for (const character of text) sum = (Math.imul(sum, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}

/** The same text is poisoned in the same way everywhere, so that what refers to it still finds it. Times and words of the API stay what they are. */
function poisoned(text: string, round: number): string {
  if (/^\d{4}-\d\d-\d\dT|^(?:True|False|Rollout|ReplicaSet|Pod|AnalysisRun|Event|VirtualService|DestinationRule|Paused|Degraded|Progressing|Healthy)$/.test(text)) return text;
  const piece = PIECES[(numberOf(text) + round) % PIECES.length] ?? '';
  const place = numberOf(text) % (text.length + 1);
  return text.slice(0, place) + piece + text.slice(place);
}

function deep(value: unknown, round: number): unknown {
  if (typeof value === 'string') return poisoned(value, round);
  if (Array.isArray(value)) return value.map((each) => deep(each, round));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, name === 'apiVersion' || name === 'kind' ? inner : deep(inner, round)]));
}

function hostileSnapshot(round: number): Snapshot {
  const plain = demoSnapshot({ events: [anEvent('a-team/silly-demo', { reason: 'Because', message: 'it is so', secondsAgo: 5 })] });
  const lists = Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, Array.isArray(value) ? deep(value, round) : value]));
  return {
    ...plain, ...lists,
    context: poisoned('prod', round),
    driver: { type: 'other', identity: poisoned('engine', round), renewedAt: NOW },
    rollouts: [...(lists['rollouts'] as Snapshot['rollouts']), deep(aRollout('shop/held').metadata({ annotations: { 'sluice.dev/hold': 'x', team: 'y' }, labels: { owner: 'z' } }).invalid('bad').build(), round) as Snapshot['rollouts'][number]],
  };
}

/** Everything else that comes from outside. */
function fed(model: Model, round: number): Model {
  const note = poisoned('the server says no', round);
  let next = send(model, { type: 'notice', level: 'bad', text: note, now: model.now });
  next = send(next, { type: 'work', id: 1, work: { id: 1, words: note, waits: false, since: NOW, progress: note }, now: model.now });
  for (const need of needsOf(next)) {
    if (need.type === 'log') next = send(next, { type: 'log-lines', pod: need.pod, container: need.container, lines: PIECES.map((piece) => ({ text: `line ${piece} end` })) });
    if (need.type === 'audit') next = send(next, { type: 'past-acts', key: needKey(need), acts: [{ at: NOW - 900_000_000, who: note, action: 'rollout.undo', outcome: 'taken', revision: '6', reason: note }] });
  }
  const facts = next.board.byKey.get(next.detail?.key ?? '');
  return facts === undefined ? next : send(next, { type: 'presence', uid: facts.uid, others: [note] });
}

/** What the program itself may say to a terminal. */
// eslint-disable-next-line no-control-regex
const OURS = /\u001b\[[\d;]*[HCKJm]|\u001b\[\?(?:1|12|25|1049|2004|2026|1000|1002|1003|1006)[hl]|\u001b\[\d+;\d+r|\u001b\[r|\u001b\[6n|\u001b\[2[23];0t|\u001b\[\?2026\$p|\u001b[=>]|\u001b\]0;[^\u0000-\u001f\u007f-\u009f]*\u0007|\u001b\]8;;(?:https?:\/\/[\x21-\x7e]+)?\u001b\\|\u0007/g;

// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u3164\ue000-\uf8ff]|[\u{e0000}-\u{e0fff}]|\p{Cs}/u;

const WAYS: readonly (readonly string[])[] = [
  [], ['enter'], ['enter', 'tab', 'tab'], ['w'], ['e'], ['y'], ['d'], ['l'], ['m'], ['M'], ['v'], ['D'], ['T'], ['h'], ['L'], ['c'], ['?'], [':'], ['ctrl-p'], ['p'], ['a'], ['u'], ['i'], ['H'], ['@'], ['G', 'enter'], ['j', 'w'], ['j', 'j', 'm'],
];

for (const [columns, rows] of [[80, 24], [160, 50], [20, 6]] as const) {
  test(`no hostile text commands a terminal of ${columns}x${rows}`, async () => {
    const grid = new Grid(columns, rows);
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode() { /* no line to set */ } });
    const output = Object.assign(new PassThrough(), { isTTY: true, columns, rows });
    output.on('data', (data: Buffer) => grid.feed(data));
    grid.terminal.onData((reply) => input.write(reply));
    const screen = openTerminal({ input, output, terminal: 'xterm-256color', unicode: true, depth: '256', hyperlinks: true, answers: true, clock: systemClock, onKey: () => {}, onResize: () => {} });
    let frames = 0;
    for (let round = 0; round < PIECES.length; round += 3) {
      const [model] = update(aModel(columns, rows, 'nothing yet'), { type: 'cluster-changed', snapshot: hostileSnapshot(round), now: NOW });
      for (const way of WAYS) {
        const opened = fed(press(model, ...way)[0], round);
        await grid.waitFor(() => screen.isReady());
        screen.paint(render(opened), DEFAULT_THEME);
        frames += 1;
      }
    }
    await grid.waitFor(() => screen.isReady());
    await screen.close();
    assert.ok(frames > 300 && grid.raw.length > frames * 20);
    const rest = grid.raw.replace(OURS, '');
    const found = FORBIDDEN.exec(rest);
    assert.equal(found?.[0], undefined, `${JSON.stringify(found?.[0])} in ${JSON.stringify(rest.slice(Math.max(0, (found?.index ?? 0) - 60), (found?.index ?? 0) + 30))}`);
    // Its own way out, once; and nothing that only a stranger would say.
    assert.equal(/77;77H|\]52;|\]8;;http:\/\/owned/.exec(grid.raw)?.[0], undefined);
    assert.equal(grid.raw.indexOf('\u001b[?1049l') > grid.raw.length - 200, true);
  });
}

test('nor does it in a message for the desktop', () => {
  for (const piece of PIECES) {
    const message = osc9(`sluice: shop/${piece}cart waits`, {});
    assert.equal(FORBIDDEN.exec(message.slice(4, -1))?.[0], undefined, JSON.stringify(message));
    assert.match(message, /^\u001b\]9;sluice: .*\u0007$/);
  }
});
