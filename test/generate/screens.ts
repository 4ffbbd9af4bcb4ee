// Pictures of the main screens: the built program on a real pty beside the frozen demo, its terminal's cells drawn as SVG.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PtyProgram } from '../support/pty.js';
import { bareEnvironment, MAIN, temporaryFolder } from '../support/sluice.js';
import { type FrozenDemo, openFrozenDemo } from './frozen-demo.js';
import { screenSvg } from './svg.js';

const COLUMNS = 120;

const POLL_MS = 30;
/** A new picture is taken when nothing has been written for so long; one that differs from its file after longer: a busy machine is slow. */
const QUIET_MS = 2000;
const LONG_QUIET_MS = 10_000;
const LONGEST_MS = 60_000;

/** Loaded before the program: its clock stands where the world's does, and nobody's name gets into the picture. */
const hook = (now: number): string => `
const RealDate = Date;
globalThis.Date = class extends RealDate { constructor(...words) { super(...(words.length === 0 ? [${now}] : words)); } static now() { return ${now}; } };
const os = require('node:os');
os.hostname = () => 'jump-2';
os.userInfo = () => ({ username: 'ana', uid: 1000, gid: 1000, shell: '/bin/sh', homedir: '/home/ana' });
require('node:module').syncBuiltinESMExports();
`;

const kubeconfig = ({ url, token }: FrozenDemo): string => JSON.stringify({
  apiVersion: 'v1', kind: 'Config', 'current-context': 'demo',
  clusters: [{ name: 'demo', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
  users: [{ name: 'ana', user: { token } }],
  contexts: [{ name: 'demo', context: { cluster: 'demo', user: 'ana' } }],
});

type Shot = {
  readonly name: string;
  readonly rows: number;
  /** For those who can not see the picture. */
  readonly title: string;
  /** Pressed one after the other, each when what stands before it is on the screen. */
  readonly keys: readonly (readonly [shown: RegExp, key: string])[];
  readonly shown: RegExp;
};

const LIST = /canary-demo-app/;
const TREE = /Revisions[^]*revision 2/;
const toRollout = (name: string): Shot['keys'] => [[LIST, '/'], [/filter|\//, name], [new RegExp(name), '\r'], [new RegExp(name), '\r']];

const SHOTS: readonly Shot[] = [
  { name: 'rollouts', rows: 16, title: 'The list of rollouts: what waits for a hand comes first', keys: [], shown: LIST },
  { name: 'rollout', rows: 34, title: 'One rollout: traffic, steps, a metric with its limit, and the tree of revisions', keys: [...toRollout('reviews'), [TREE, 'g']], shown: TREE },
  { name: 'why', rows: 19, title: 'Why a release was aborted: the cause, the evidence, the next safe act', keys: [...toRollout('myapp'), [TREE, 'w']], shown: /metric error-rate/ },
  { name: 'question', rows: 30, title: 'The question before a promotion: what is now, what will be', keys: [...toRollout('silly-demo'), [TREE, 'g'], [TREE, 'p']], shown: /then/ },
  { name: 'analysis', rows: 26, title: 'An analysis: its metrics, conditions and measurements', keys: [...toRollout('myapp'), [TREE, 'm']], shown: /prometheus-address/ },
  { name: 'timeline', rows: 24, title: 'The timeline of a rollout: every change with time, actor and reason', keys: [...toRollout('myapp'), [TREE, 'T']], shown: /RolloutAborted/ },
  { name: 'diff', rows: 16, title: 'What the new revision changes', keys: [...toRollout('silly-demo'), [TREE, 'D']], shown: /1\.4\.127/ },
];

const wait = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, POLL_MS); });

/** As the file has it as soon as the screen has come to that; else what the screen is when it rests. */
async function settled(program: PtyProgram, shot: Shot, present: string | undefined): Promise<string> {
  const end = Date.now() + LONGEST_MS;
  const quietMs = present === undefined ? QUIET_MS : LONG_QUIET_MS;
  let bytes = program.bytes;
  let changedAt = Date.now();
  for (;;) {
    await wait();
    if (program.bytes !== bytes) changedAt = Date.now();
    bytes = program.bytes;
    if (!shot.shown.test(program.text)) {
      if (Date.now() > end) throw new Error(`${shot.name}: waited for ${String(shot.shown)}; the screen is\n${program.text}`);
      continue;
    }
    const svg = screenSvg(program.terminal, shot.title);
    if (svg === present || Date.now() - changedAt > quietMs) return svg;
  }
}

async function take(shot: Shot, demo: FrozenDemo, present: string | undefined): Promise<string> {
  const folder = temporaryFolder();
  const environment = bareEnvironment({ KUBECONFIG: folder.file('kubeconfig', kubeconfig(demo)), XDG_CONFIG_HOME: folder.path, XDG_STATE_HOME: folder.path, LANG: 'C.UTF-8', TZ: 'UTC', COLORTERM: 'truecolor', HOME: folder.path, USER: 'ana' });
  const program = new PtyProgram(process.execPath, ['--require', folder.file('hook.cjs', hook(demo.now)), MAIN, '--time', 'utc'], { columns: COLUMNS, rows: shot.rows, whole: true, environment });
  try {
    for (const [shown, key] of shot.keys) {
      await program.waitFor(shown, LONGEST_MS);
      program.keys(key);
    }
    return await settled(program, shot, present);
  } finally {
    program.kill('SIGTERM');
    await program.exited;
    folder.remove();
  }
}

export async function screenFiles(root: string): Promise<readonly { readonly file: string; readonly text: string }[]> {
  const demo = await openFrozenDemo();
  try {
    const files: { file: string; text: string }[] = [];
    for (const shot of SHOTS) {
      const file = `.github/screens/${shot.name}.svg`;
      const present = await readFile(path.join(root, file), 'utf8').catch(() => undefined);
      files.push({ file, text: await take(shot, demo, present) });
    }
    return files;
  } finally {
    await demo.stop();
  }
}
