// Messages for the desktop: only where asked for, for what is new, and without anything that a terminal would obey.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { osc9 } from '../../src/app/notification.js';
import type { Effect } from '../../src/console/effect.js';
import { NO_SETTINGS, type SettingsLayers } from '../../src/console/settings/resolve.js';
import { update } from '../../src/console/update.js';
import { aRollout, aSnapshot, NOW } from '../support/builders.js';
import { aModel } from '../support/console-scenes.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }];
const OSC9: SettingsLayers = { ...NO_SETTINGS, flags: { notify: 'osc9' } };
const waits = (key: string): ReturnType<ReturnType<typeof aRollout>['build']> => aRollout(key).canary(STEPS).paused(1, 60).build();
const moves = (key: string): ReturnType<typeof waits> => aRollout(key).canary(STEPS).at(0).build();

function told(settings: SettingsLayers, before: readonly ReturnType<typeof waits>[], after: readonly ReturnType<typeof waits>[]): { readonly effects: readonly Effect[]; readonly bells: number } {
  const model = aModel(80, 24, aSnapshot({ rollouts: before }), settings);
  const [next, effects] = update(model, { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: after }), now: NOW + 1000 });
  return { effects: effects.filter(({ type }) => type === 'notify'), bells: next.bells - model.bells };
}

test('a new one that waits is told once, with the others counted; the bell rings in any case', () => {
  const before = [waits('shop/old'), moves('shop/a'), moves('shop/b')];
  const after = [waits('shop/old'), waits('shop/a'), waits('shop/b')];
  const { effects, bells } = told(OSC9, before, after);
  assert.equal(bells, 1);
  assert.equal(effects.length, 1);
  assert.match(effects[0]?.type === 'notify' ? effects[0].text : '', /^sluice: shop\/a on sluice: waits for a person since 12:03:31 \(and 1 more\)$/);
  assert.deepEqual(told(OSC9, after, after), { effects: [], bells: 0 });
  assert.deepEqual(told(NO_SETTINGS, before, after), { effects: [], bells: 1 });
});

test('it is wrapped for tmux and screen', () => {
  assert.equal(osc9('hello', {}), '\u001b]9;hello\u0007');
  assert.equal(osc9('hello', { TMUX: '/tmp/x,1,0' }), '\u001bPtmux;\u001b\u001b]9;hello\u0007\u001b\\');
  assert.equal(osc9('hello', { STY: '1.pts' }), '\u001bP\u001b]9;hello\u0007\u001b\\');
});

test('nothing in it is obeyed, and it has an end', () => {
  const hostile = osc9(`a\u0007b\u001b]52;c;eA==\u0007\u009b31mc\u202ed\n\u001b\\${'x'.repeat(500)}`, {});
  // eslint-disable-next-line no-control-regex
  assert.match(hostile, /^\u001b\]9;[\x20-\x7e]+\u0007$/);
  assert.ok(hostile.length < 200);
  assert.doesNotMatch(hostile, /52;c/);
});
