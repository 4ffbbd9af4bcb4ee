// Clock times in UTC or in the zone of the terminal, by a key; and what asks to be put to sleep is told why not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createModel, type Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import { UNICODE_GLYPHS } from '../../src/console/glyphs.js';
import { DEFAULT_KEYMAP } from '../../src/console/keymap.js';
import { update } from '../../src/console/update.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { NOW } from '../support/builders.js';
import { aModel, demoSnapshot, press } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

function inZone(utcOffsetMinutes: number, localOffsetMinutes: number): Model {
  const empty = createModel({ now: NOW, size: { columns: 120, rows: 40 }, utcOffsetMinutes, localOffsetMinutes, keymap: DEFAULT_KEYMAP, glyphs: UNICODE_GLYPHS });
  return update(empty, { type: 'cluster-changed', snapshot: demoSnapshot(), now: NOW })[0];
}

test('Z turns between UTC and the zone of the terminal, on every screen', () => {
  const [utc] = press(inZone(120, 120), 'Z');
  assert.match(printFrame(render(inZone(120, 120))), /14:04:31 ● live/);
  assert.match(printFrame(render(utc)), /12:04:32 ● live/);
  assert.match(utc.notice?.text ?? '', /^Times are in UTC; the setting time keeps it/);
  const [local] = press(utc, 'escape', 'Z');
  assert.match(printFrame(render(local)), /14:04:34 ● live/);
  assert.match(local.notice?.text ?? '', /zone of this terminal \(\+02:00\)/);
  assert.match(printFrame(render(press(inZone(0, -570), 'Z', 'T')[0])), /02:3\d:\d\d/);
  assert.match(press(inZone(0, -570), 'Z')[0].notice?.text ?? '', /\(-09:30\)/);
  assert.match(press(inZone(0, 0), 'Z')[0].notice?.text ?? '', /this terminal is in that zone/);
});

test('Ctrl-Z is refused with the reason, which is another one while this console drives', () => {
  const driven = (driver: Snapshot['driver']): string => press(aModel(120, 40, demoSnapshot({ driver })), 'ctrl-z')[0].notice?.text ?? '';
  assert.match(driven({ type: 'self', identity: 'me' }), /This console drives the rollouts: asleep it would lose the Lease.*tmux/);
  assert.match(driven({ type: 'nobody', reason: '' }), /^The screen can not be put to sleep\. Leave it open/);
});
