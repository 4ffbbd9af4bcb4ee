// Times of a cluster are told by its server's clock, not by this machine's; what is not fresh says as of when.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../src/console/render.js';
import { update } from '../../src/console/update.js';
import type { Model } from '../../src/console/model.js';
import { NOW } from '../support/builders.js';
import { aModel, demoSnapshot, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const SKEW = 47_000;

/** The same cluster at the same moment, seen from a machine whose clock is behind by `skewMs`. */
function behind(skewMs: number, columns = 120): Model {
  const [model] = update(aModel(columns, 40, 'nothing yet'), {
    type: 'cluster-changed',
    snapshot: demoSnapshot({ skewMs, connection: { type: 'live', lastSignalAt: NOW - skewMs } }),
    now: NOW - skewMs,
  });
  return model;
}

const shown = (model: Model): string => printFrame(render(model));
/** The mark in the first line takes room from what stands before it. */
const withoutMark = (text: string): string => text.replace(/^.*?(\d\d:\d\d:\d\d ● live)/, '$1');

test('every age, pause clock and time is the same, however wrong the clock of this machine is', () => {
  const paths = [[], ['j', 'enter'], ['w'], ['e'], ['T'], ['h'], ['v'], ['d'], ['j', 'j', 'j', 'm']];
  for (const path of paths) {
    // Keys are pressed a second apart, by either clock.
    const right = shown(press(behind(0), ...path)[0]);
    for (const skew of [SKEW, -SKEW]) assert.equal(withoutMark(shown(press(behind(skew), ...path)[0])), withoutMark(right), path.join(' '));
  }
});

test('the distance is shown when it is over two seconds', () => {
  assert.match(shown(behind(SKEW)), /server clock \+47s 12:04:31 ● live/);
  assert.match(shown(behind(-3000)), /server clock -3s 12:04:31 ● live/);
  assert.doesNotMatch(shown(behind(2000)), /server clock/);
  assert.match(shown(behind(SKEW, 60)), / \+47s 12:04:31 ● live/);
});

test('a line that is late says as of when the data is; the next answer makes it live', () => {
  const fresh = send(behind(SKEW), { type: 'tick', now: NOW - SKEW + 2000 });
  assert.match(shown(fresh), /12:04:33 ● live/);
  const late = send(fresh, { type: 'tick', now: NOW - SKEW + 3000 });
  assert.match(shown(late), /as of 12:04:31 ◷ late/);
  const again = update(late, { type: 'cluster-changed', snapshot: demoSnapshot({ skewMs: SKEW, connection: { type: 'live', lastSignalAt: NOW - SKEW + 3000 } }), now: NOW - SKEW + 3000 });
  assert.match(shown(again[0]), /12:04:34 ● live/);
});

test('a measurement of a while ago says as of when it is', () => {
  const [open] = press(behind(SKEW), '/', 'r', 'e', 'v', 'enter', 'enter');
  assert.doesNotMatch(shown(send(open, { type: 'tick', now: NOW - SKEW + 1000 })), /apdex ≥ 9900 as of/);
  assert.match(shown(send(open, { type: 'tick', now: NOW - SKEW + 60_000 })), /Metrics apdex ≥ 9900 as of 12:04:31/);
});
