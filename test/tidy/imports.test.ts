// Fails on every import that the table in rooms.ts does not allow: static, re-exported, type-only and dynamic ones alike.

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { parseSync } from 'oxc-parser';
import { ROOMS } from './rooms.js';
import { roomOf, sources } from './sources.js';

function importsOf(file: string, text: string): string[] {
  const { module } = parseSync(file, text);
  const found = module.staticImports.map((entry) => entry.moduleRequest.value);
  for (const statement of module.staticExports) for (const entry of statement.entries) if (entry.moduleRequest) found.push(entry.moduleRequest.value);
  for (const entry of module.dynamicImports) {
    const written = text.slice(entry.moduleRequest.start, entry.moduleRequest.end);
    found.push(/^(['"`])(.*)\1$/.exec(written)?.[2] ?? `computed:${written}`);
  }
  for (const match of text.matchAll(/\bimport\((['"])([^'"]+)\1\)/g)) found.push(match[2] ?? '');
  return found;
}

function complaint(file: string, specifier: string): string | undefined {
  const from = roomOf(file);
  if (from === undefined) return file === 'src/main.ts' ? undefined : `${file} stands in no room of test/tidy/rooms.ts`;
  if (specifier.startsWith('.')) {
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier)).replace(/\.js$/, '.ts');
    if (!target.startsWith('src/')) return specifier.endsWith('.json') || specifier.endsWith('.yaml') ? undefined : `${file} reaches outside src: ${specifier}`;
    const to = roomOf(target);
    if (to === undefined || to === from || from.rooms.includes(to.folder)) return undefined;
    return `${file}: ${from.folder} may not import ${to.folder} (${specifier})`;
  }
  const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.startsWith('node:') ? specifier : (specifier.split('/')[0] ?? '');
  return from.packages.includes('*') || from.packages.includes(name) ? undefined : `${file}: ${from.folder} may not import the package ${name}`;
}

test('every import follows the table', () => {
  const complaints = sources('src').flatMap(({ file, text }) => importsOf(file, text).map((specifier) => complaint(file, specifier)).filter((found) => found !== undefined));
  assert.deepEqual(complaints, []);
});

test('the SDK of AWS is loaded by who asks AWS, and by nobody else', () => {
  const loaders = sources('src').filter(({ file, text }) => {
    const { module } = parseSync(file, text);
    const isAws = (specifier: string): boolean => specifier.startsWith('@aws-sdk/') || specifier.startsWith('@smithy/');
    assert.ok(!module.staticImports.some((entry) => isAws(entry.moduleRequest.value) && entry.entries.some((name) => !name.isType)), `${file} loads it with the program`);
    return module.dynamicImports.some((entry) => isAws(text.slice(entry.moduleRequest.start + 1, entry.moduleRequest.end - 1)));
  });
  assert.deepEqual(loaders.map(({ file }) => file), ['src/app/aws-load-balancers.ts', 'src/app/aws-metrics.ts', 'src/app/aws-signing.ts']);
});

test('the console and the engine never import each other', () => {
  const engine = ['controllers', 'providers', 'cluster'];
  const meets = ROOMS.filter((room) => (room.folder === 'console' && room.rooms.some((name) => engine.includes(name))) || (engine.includes(room.folder) && room.rooms.includes('console')));
  assert.deepEqual(meets, []);
});

test('pure rooms import pure rooms and lib only', () => {
  const pure = new Set(ROOMS.filter((room) => room.pure).map((room) => room.folder));
  const leaks = ROOMS.filter((room) => room.pure).flatMap((room) => room.rooms.filter((name) => name !== 'lib' && !pure.has(name)).map((name) => `${room.folder} → ${name}`));
  assert.deepEqual(leaks, []);
});
