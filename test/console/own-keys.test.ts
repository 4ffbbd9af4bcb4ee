// Words that name a key name the one that the person's keymap gives to the act, and do without where it gives none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActionId } from '../../src/console/actions.js';
import { DEFAULT_KEYMAP, parseKeymap } from '../../src/console/keymap.js';
import type { Model } from '../../src/console/model.js';
import { render } from '../../src/console/render.js';
import { obstacleFor } from '../../src/console/target.js';
import { aRollout, aSnapshot, NOW } from '../support/builders.js';
import { aModel, demoSnapshot, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const KEY = 'sluice shop/cart';

/** `key`: the one and only key of that action; undefined: it has none. */
function withKey(model: Model, action: ActionId, key: string | undefined): Model {
  const parsed = parseKeymap({ name: 'own', bindings: { [action]: key === undefined ? [] : [key] } });
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return { ...model, keymap: parsed.value };
}

function whileRollingBack(model: Model): string {
  const about = { context: 'sluice', namespace: 'shop', name: 'cart', uid: '', action: '', words: '', saw: '', reason: '', event: false };
  const rollback = { key: KEY, uid: '', revision: '6', hash: '', stage: 'see', startedAt: NOW, stageSince: NOW, taken: true, sentId: 1, detail: '', about } as const;
  return obstacleFor({ ...model, rollbacks: [rollback] }, 'rollout.restart', model.board.byKey.get(KEY))?.long ?? '';
}

const shop = (): Model => aModel(120, 40, aSnapshot({ rollouts: [aRollout('shop/cart').healthy().build()] }));
const noticeAfter = (...keys: readonly string[]) => (model: Model): string => press(model, ...keys)[0].notice?.text ?? '';

const frame = (model: Model): string => printFrame(render(model));
const gone = (): Model => send(press(shop(), 'enter')[0], { type: 'cluster-changed', snapshot: aSnapshot({ rollouts: [] }), now: NOW });

type Row = { readonly action: ActionId; readonly model: Model; text(model: Model): string; told(key: string): RegExp; readonly untold: RegExp };

const ROWS: Readonly<Record<string, Row>> = {
  'a rollback that runs': {
    action: 'take-back', model: shop(), text: whileRollingBack,
    told: (key) => new RegExp(`is being rolled back since \\S+: ${key} ends that where it is\\.$`), untold: /is being rolled back since \S+\.$/,
  },
  'the way out, where the last cluster can not be left': {
    action: 'quit', model: shop(), text: noticeAfter('c', 'enter'), told: (key) => new RegExp(`the only one \\(${key} ends the program\\)`), untold: /\(ctrl-c ends the program\)/,
  },
  'what opening does': {
    action: 'page.open', model: press(shop(), 'v')[0], text: frame, told: (key) => new RegExp(` ${key}: what it changes`), untold: /Revisions of shop\/cart(?!.*: what it changes)/,
  },
  'the way back from a rollout that is gone': {
    action: 'back', model: gone(), text: frame, told: (key) => new RegExp(`no longer exists\\. ${key} goes back`), untold: /no longer exists\.\n/,
  },
  'the way out of a question': {
    action: 'question.no', model: press(aModel(120, 40, aSnapshot({ rollouts: [aRollout('shop/cart').paused(1, 60).build()] })), 'p')[0],
    text: frame, told: (key) => new RegExp(` ${key}( or esc)? leave, change nothing`), untold: /yes, promote +leave, change nothing/,
  },
  'the way out of a question with answers': {
    action: 'fields.leave', model: press(shop(), 'H')[0], text: frame,
    told: (key) => new RegExp(` ${key} leave, change nothing`), untold: /  leave, change nothing/,
  },
  'the keys that scroll help': {
    action: 'move.down', model: press(shop(), '?')[0], text: frame, told: (key) => new RegExp(`of \\d+, ↑ ${key} scroll\\)`), untold: /of \d+, ↑ scroll\)/,
  },
  'the way out, where the console can not sleep': {
    action: 'quit', model: aModel(120, 40, demoSnapshot()), text: noticeAfter('ctrl-z'),
    told: (key) => new RegExp(`or end it with ${key}\\.$`), untold: /or end it with ctrl-c\.$/,
  },
};

for (const [name, { action, model, text, told, untold }] of Object.entries(ROWS)) {
  test(`a key in words: ${name}`, () => {
    assert.match(text(model), told(DEFAULT_KEYMAP.bindings[action][0]?.replace('escape', 'esc').replace('down', '↓') ?? 'none'));
    assert.match(text(withKey(model, action, 'alt-j')), told('alt-j'));
    assert.match(text(withKey(model, action, undefined)), untold);
  });
}
