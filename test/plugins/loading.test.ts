// Modules that are not as they should be: each is told with what, where and why, and harms nobody else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import path from 'node:path';
import type { Plugins } from '../../src/controllers/plugins.js';
import { ROLLOUT } from '../../src/kinds/resource-type.js';
import { asRollout } from '../../src/kinds/rollout.js';
import { VirtualClock } from '../../src/lib/clock.js';
import type { Clock } from '../../src/lib/clock.js';
import { isProblem } from '../../src/routers/router.js';
import { ioWith } from '../conformance/provider.js';
import { rollout, SERVICES, setImage, template } from '../faults/manifests.js';
import { openStage, START } from '../faults/stage.js';
import { aFolder, loadAll } from './modules.js';

const settings = (...modules: readonly string[]): string => `plugins:\n${modules.map((module, index) => `  - name: acme/p${index}\n    module: ${module}\n`).join('')}`;

async function loaded(modules: Readonly<Record<string, string>>, clock?: Clock): Promise<Plugins> {
  const folder = await aFolder({ ...modules, 'config.yaml': settings(...Object.keys(modules).map((name) => `./${name}`)) });
  try {
    return await loadAll(folder, clock);
  } finally {
    await folder.remove();
  }
}

const problemOf = async (module: string): Promise<string> => (await loaded({ 'p.mjs': module })).problems.get('acme/p0') ?? '';

const TYPES = "types: [{ group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps' }]";
const router = (parts: string): string => `export const router = { ${TYPES}, needs: () => [], read: () => ({ type: 'route', splits: [] }), plan: () => [], ${parts} };`;

const BAD: readonly (readonly [name: string, module: string, problem: RegExp])[] = [
  ['no JavaScript', 'export const = 1', /p\.mjs: /],
  ['throws while it loads', "throw new Error('no licence');", /p\.mjs: no licence$/],
  ['imports what is not there', "import 'nowhere-at-all'; export const step = {};", /p\.mjs: .*nowhere-at-all/],
  ['exports nothing of use', 'export const routers = 1;', /p\.mjs exports none of router, provider, step, only routers$/],
  ['a step that is no object', 'export const step = 7;', /^its step is not an object$/],
  ['a step without run', 'export const step = { abort() {} };', /^its step has no function run$/],
  ['an abort that is no function', 'export const step = { async run() {}, abort: 1 };', /^its step has a abort that is no function$/],
  ['a provider without measure', 'export const provider = {};', /^its provider has no function measure$/],
  ['a router without its functions', 'export const router = { read() {} };', /^its router has no function needs, plan$/],
  ['a router without types', 'export const router = { needs() {}, read() {}, plan() {} };', /^its router has no list types/],
  ['types without a plural', "export const router = { needs() {}, read() {}, plan() {}, types: [{ kind: 'X' }] };", /^its router has types without group, version, kind, plural$/],
];

for (const [name, module, problem] of BAD) test(`a module that is not to be used: ${name}`, async () => assert.match(await problemOf(module), problem));

test('a module that does not exist, and one beside it that is fine', async () => {
  const folder = await aFolder({ 'config.yaml': settings('./gone.mjs', './fine.mjs'), 'fine.mjs': "export const step = { async run() { return { phase: 'Successful' }; } };" });
  const plugins = await loadAll(folder);
  assert.equal(plugins.problems.get('acme/p0'), `${path.join(folder.path, 'gone.mjs')} does not exist`);
  assert.deepEqual([...plugins.steps.keys()], ['acme/p1']);
  await folder.remove();
});

/** Runs the clock on for as long as that is waited for. */
async function waitedFor<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  const state = { done: false };
  void work.finally(() => { state.done = true; });
  while (!state.done) {
    await new Promise((resolve) => { setImmediate(resolve); });
    await clock.runUntil(clock.now() + 1000);
  }
  return work;
}

test('what never comes to an end is not waited for', async () => {
  const clock = new VirtualClock(START);
  const never = 'new Promise(() => {})';
  const hanging = await waitedFor(clock, loaded({ 'p.mjs': `await ${never};` }, clock));
  assert.match(hanging.problems.get('acme/p0') ?? '', /p\.mjs has not finished loading within 10 s$/);
  const plugins = await loaded({ 'p.mjs': `export const step = { run: () => ${never} }; export const provider = { measure: () => ${never} };` }, clock);
  const call = { rollout: asRollout(rollout({})), index: 0, name: 'acme/p0', operation: 'Run' as const, config: {}, status: undefined };
  assert.deepEqual(await waitedFor(clock, plugins.steps.get('acme/p0')?.run(call) ?? Promise.reject(new Error('no step'))), { phase: 'Error', message: "step plugin 'acme/p0' has not answered within 30 s" });
  const io = ioWith(() => Promise.reject(new Error('not here')));
  const measured = await waitedFor(clock, plugins.providers.get('acme/p0')?.measure({}, io, new AbortController().signal) ?? Promise.reject(new Error('no provider')));
  assert.deepEqual(measured, { ok: false, error: "metric plugin 'acme/p0' has not answered within 30 s" });
});

test('a measurement may go on, when the module says how it is gone on with', async () => {
  const provider = async (parts: string): Promise<unknown> => {
    const plugins = await loaded({ 'p.mjs': `const running = { ok: true, value: { result: undefined, text: '', phase: 'Running', metadata: { id: '7' }, resumeAt: 5 } };\nexport const provider = { measure: async () => running, ${parts} };` });
    const found = plugins.providers.get('acme/p0');
    const io = ioWith(() => Promise.reject(new Error('not here')));
    const begun = await found?.measure({}, io, new AbortController().signal);
    if (begun?.ok !== true) return begun?.error ?? plugins.problems.get('acme/p0');
    const [resumed, ended] = [await found?.resume?.({}, { metadata: begun.value.metadata ?? {} }, io, new AbortController().signal), await found?.terminate?.({}, { metadata: {} }, io, new AbortController().signal)];
    return [begun.value.phase, resumed, ended];
  };
  assert.equal(await provider(''), "metric plugin 'acme/p0' answers with the phase Running and has no function resume");
  assert.match(String(await provider('resume: 7')), /its provider has a resume that is no function/);
  const done = { ok: true, value: { result: { type: 'json', value: '7' }, text: '7' } };
  assert.deepEqual(await provider("resume: async (spec, { metadata }) => ({ ok: true, value: { result: { type: 'json', value: metadata.id }, text: metadata.id } }), terminate: async () => { throw new Error('no'); }"),
    ['Running', done, { ok: false, error: "metric plugin 'acme/p0' failed: no" }]);
  assert.match(String(await provider("async resume() {}, async measure() { return { ok: true, value: { text: '', phase: 'Running', resumeAt: NaN } }; }")), /answers in another shape/);
  assert.match(String(await provider('async resume() {}, async measure() { return { ok: true, value: { text: "", phase: "Done" } }; }')), /answers in another shape/);
});

test('answers of another shape, and functions that throw, become sentences', async () => {
  const step = async (run: string): Promise<unknown> => {
    const plugins = await loaded({ 'p.mjs': `export const step = { async run() { ${run} } };` });
    return (await plugins.steps.get('acme/p0')?.run({ rollout: asRollout(rollout({})), index: 0, name: 'acme/p0', operation: 'Run', config: {}, status: undefined }))?.message;
  };
  assert.equal(await step("throw new Error('not today')"), "step plugin 'acme/p0' failed: not today");
  assert.equal(await step("return { phase: 'Done' }"), 'step plugin \'acme/p0\' answers with the phase "Done", none of Running, Successful, Failed, Error');
  assert.equal(await step('return undefined'), "step plugin 'acme/p0' answers with nothing");
  const reading = async (parts: string): Promise<string> => {
    const answer = (await loaded({ 'p.mjs': router(parts) })).routers.get('acme/p0')?.read(asRollout(rollout({})), []);
    return answer !== undefined && isProblem(answer) ? answer.reason : 'a route';
  };
  assert.equal(await reading(''), 'a route');
  assert.equal(await reading('read: () => { throw new Error("no map") }'), "router plugin 'acme/p0' failed: no map");
  assert.equal(await reading('needs: () => [{}]'), "router plugin 'acme/p0' answers with a list of objects of another shape");
  assert.equal(await reading('read: () => ({})'), "router plugin 'acme/p0' answers with a route of another shape");
  assert.equal(await reading("read: async () => ({ type: 'route', splits: [] })"), "router plugin 'acme/p0' answers with a promise; it must answer at once");
});

const NAMING: readonly (readonly [kind: string, canary: Readonly<Record<string, unknown>>, reason: RegExp])[] = [
  ['router', { canaryService: 'cart-canary', stableService: 'cart-stable', trafficRouting: { plugins: { 'acme/mesh': {} } } }, /this engine has no router plugin 'acme\/mesh': Argo's plugins are Go programs; name a module for it in the settings \(plugins\) \(trafficRouting\.plugins\)/],
  ['step', { steps: [{ setWeight: 50 }, { plugin: { name: 'acme/wait' } }] }, /this engine has no step plugin 'acme\/wait': .*\(steps\[1\]\)/],
  ['metric', { steps: [{ setWeight: 50 }, { analysis: { templates: [{ templateName: 'number' }] } }] }, /AnalysisTemplate number has metric rate: this engine has no metric plugin 'acme\/number'/],
];

for (const [kind, canary, reason] of NAMING) {
  test(`a rollout that names a ${kind} plugin which is not here is told which, and nothing of it moves`, async () => {
    const stage = await openStage();
    await stage.create(...SERVICES, template('number', {}, { plugin: { 'acme/number': {} } }), rollout({ steps: [{ setWeight: 50 }, { pause: {} }] }));
    await stage.untilPhase('Healthy');
    await stage.run(5);
    const pods = stage.podsDeleted.length;
    await stage.patch(ROLLOUT, 'cart', { spec: { strategy: { canary } } });
    await stage.person(setImage('v2'));
    await stage.untilPhase('Degraded');
    await stage.run(60);
    assert.match(String((await stage.status())['message']), reason);
    assert.deepEqual([stage.podsDeleted.length, (await stage.status())['replicas'], (await stage.status())['updatedReplicas']], [pods, 4, 4]);
    await stage.stop();
  });
}
