// Settings: what a person writes wrongly is told field by field, the stronger layer wins, and the schema knows the same rows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsSchema } from '../../src/console/settings/json-schema.js';
import { parseSettings } from '../../src/console/settings/parse.js';
import { fitsPattern, looksLikeProduction, NO_SETTINGS, resolveSettings, settingsOfEnvironment, type SettingsLayers } from '../../src/console/settings/resolve.js';
import { SETTINGS } from '../../src/console/settings/rows.js';

const FILE = {
  theme: 'mono',
  confirm: 'key',
  takeBack: '5s',
  contexts: {
    'prod-*': { confirm: 'type-name-and-reason', readOnly: true, namespaces: { 'sandbox-*': { confirm: 'none' } } },
    '*': { events: 'none' },
  },
};

function layers(more: Partial<SettingsLayers> = {}): SettingsLayers {
  const parsed = parseSettings(FILE);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return { ...NO_SETTINGS, file: parsed.value, ...more };
}

const RESOLVED: readonly (readonly [string, string, string | undefined, Partial<SettingsLayers>, Record<string, unknown>])[] = [
  ['global alone', '', undefined, {}, { theme: 'mono', confirm: 'key', takeBack: 5000, readOnly: false }],
  ['the context over the global', 'prod-eu', undefined, {}, { confirm: 'type-name-and-reason', readOnly: true, events: 'console' }],
  ['the first context that fits', 'dev', undefined, {}, { confirm: 'key', events: 'none' }],
  ['the namespace over its context', 'prod-eu', 'sandbox-1', {}, { confirm: 'none', readOnly: true }],
  ['a namespace elsewhere is not meant', 'prod-eu', 'shop', {}, { confirm: 'type-name-and-reason' }],
  ['the environment over the context', 'prod-eu', 'sandbox-1', { environment: { confirm: 'key' } }, { confirm: 'key' }],
  ['flags over all', 'prod-eu', undefined, { environment: { readOnly: true }, flags: { readOnly: false } }, { readOnly: false }],
  ['read-only implies engine off', 'prod-eu', undefined, { flags: { engine: 'on' } }, { engine: 'off' }],
  ['a mistake makes all read-only, and leaves the rest', 'dev', undefined, { mistake: 'x' }, { readOnly: true, engine: 'off', events: 'none' }],
  ['a mistake over a namespace that is open', 'prod-eu', 'sandbox-1', { mistake: 'x' }, { readOnly: true, confirm: 'none' }],
  ['a flag over a mistake', 'dev', undefined, { mistake: 'x', flags: { readOnly: false } }, { readOnly: false }],
  ['engine on where writing is allowed', 'prod-eu', undefined, { flags: { engine: 'on', readOnly: false } }, { engine: 'on' }],
];

for (const [name, context, namespace, more, wanted] of RESOLVED) {
  test(`settings: ${name}`, () => {
    const { settings } = resolveSettings(layers(more), context, namespace);
    assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((key) => [key, settings[key as keyof typeof settings]])), wanted);
  });
}

test('a context that looks like production starts at type-name; what is written wins', () => {
  for (const name of ['prod', 'eu-prod-1', 'production', 'gke_x_live', 'PRD']) assert.ok(looksLikeProduction(name), name);
  for (const name of ['product-catalog', 'delivery', 'staging', 'reproduction', '']) assert.ok(!looksLikeProduction(name), name);
  const bare = resolveSettings(NO_SETTINGS, 'prod-eu');
  assert.deepEqual([bare.settings.confirm, bare.origins.confirm], ['type-name', { type: 'default', why: 'the context looks like production' }]);
  assert.equal(resolveSettings(NO_SETTINGS, 'kind').settings.confirm, 'key');
});

test('each value says where it came from', () => {
  const { origins } = resolveSettings(layers({ flags: { theme: 'default' }, environment: { takeBack: 0 } }), 'prod-eu', 'sandbox-1');
  assert.deepEqual(
    [origins.theme, origins.takeBack, origins.confirm, origins.readOnly, origins.ascii],
    [
      { type: 'flag' },
      { type: 'environment' },
      { type: 'file', path: ['contexts', 'prod-*', 'namespaces', 'sandbox-*', 'confirm'] },
      { type: 'file', path: ['contexts', 'prod-*', 'readOnly'] },
      { type: 'default' },
    ],
  );
});

test('only a star stands for other characters', () => {
  assert.ok(fitsPattern('a.b*', 'a.b/c'));
  assert.ok(!fitsPattern('a.b', 'axb'));
  assert.ok(!fitsPattern('prod', 'prod-eu'));
});

const WRONG: readonly (readonly [string, unknown, RegExp])[] = [
  ['no map', ['theme'], /^settings are a map, not a list$/],
  ['an unknown setting', { colour: 'red' }, /^colour: is no setting; settings here are theme, keymap.*contexts$/],
  ['a wrong word', { confirm: 'always' }, /^confirm: must be none or key or type-name or type-name-and-reason, not "always"$/],
  ['a text for a flag', { readOnly: 'yes' }, /^readOnly: must be true or false, not "yes"$/],
  ['a number for a duration', { takeBack: 3 }, /^takeBack: must be a duration from 0s to 60s, not 3$/],
  ['a duration beyond the limit', { takeBack: '5m' }, /from 0s to 60s/],
  ['a global setting in a context', { contexts: { a: { theme: 'mono' } } }, /^contexts\.a\.theme: can not be set for a single context$/],
  ['a setting of contexts in a namespace', { contexts: { a: { namespaces: { b: { readOnly: true } } } } }, /^contexts\.a\.namespaces\.b\.readOnly: can not be set for a single namespace$/],
  ['a context that is no map', { contexts: { a: true } }, /^contexts\.a: must be a map of settings, not true$/],
  ['plugins that are no list', { plugins: {} }, /^plugins: must be a list of modules, each with name and module, not a map$/],
  ['a plugin without a module', { plugins: [{ name: 'acme/mesh' }] }, /^plugins: must hold modules that have name \(such as acme\/mesh\) and module \(such as \.\/mesh\.mjs\), and nothing else$/],
  ['a plugin with more', { plugins: [{ name: 'acme/mesh', module: 'm', sha256: 'x' }] }, /^plugins: must hold modules/],
  ['a plugin twice', { plugins: [{ name: 'a/b', module: 'm' }, { name: 'a/b', module: 'n' }] }, /^plugins: has 'a\/b' twice$/],
  ['a plugin for one context', { contexts: { a: { plugins: [] } } }, /^contexts\.a\.plugins: can not be set for a single context$/],
];

for (const [name, value, wanted] of WRONG) {
  test(`refused with the reason: ${name}`, () => {
    const parsed = parseSettings(value);
    assert.ok(!parsed.ok);
    assert.match(parsed.error[0]?.message ?? '', wanted);
  });
}

test('the environment sets single values, and a wrong one is named by its variable', () => {
  const read = settingsOfEnvironment({ SLUICE_READ_ONLY: '1', SLUICE_TAKE_BACK: '0s', SLUICE_THEME: '' });
  assert.deepEqual(read, { ok: true, value: { readOnly: true, takeBack: 0 } });
  const wrong = settingsOfEnvironment({ SLUICE_READ_ONLY: 'perhaps' });
  assert.ok(!wrong.ok);
  assert.match(wrong.error, /^\$SLUICE_READ_ONLY must be true or false/);
});

test('the schema knows every setting, each where it may stand', () => {
  const schema = settingsSchema() as { properties: Record<string, { additionalProperties?: { properties: Record<string, { additionalProperties?: { properties: object } }> } }> };
  const contexts = schema.properties['contexts']?.additionalProperties?.properties ?? {};
  const namespaces = contexts['namespaces']?.additionalProperties?.properties ?? {};
  assert.deepEqual(Object.keys(schema.properties).sort(), [...SETTINGS.map(({ name }) => name), 'contexts'].sort());
  assert.ok(!('theme' in contexts) && 'readOnly' in contexts && !('readOnly' in namespaces) && 'confirm' in namespaces);
});
