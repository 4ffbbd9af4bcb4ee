// Processor time (user and system, all threads, Node's own start included) from the start of the process until a frame's bytes
// are handed to the terminal. The program tells it itself, through a hook that is loaded before it.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PtyProgram } from '../support/pty.js';
import { bareEnvironment, MAIN, temporaryFolder, until } from '../support/sluice.js';

export type StartFigures = { readonly node: number; readonly first: number; readonly full: number; readonly memoryMib: number };

const RUNS = 7;

const HOOK = `
const { writeFileSync } = require('node:fs');
const write = process.stdout.write;
const wanted = ['a-team/silly-demo', 'reviews-rollout', 'default/myapp', 'default/colorapi', 'canary-demo-app'];
const cpuMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
let seen = '';
let first;
process.stdout.write = function (...words) {
  const result = write.apply(this, words);
  seen += String(words[0]);
  if (first === undefined && seen.includes('sluice')  && seen.includes('quit')) first = cpuMs();
  if (wanted.every((name) => seen.includes(name))) {
    process.stdout.write = write;
    writeFileSync(process.env.BENCH_REPORT, JSON.stringify({ first, full: cpuMs(), memoryMib: process.memoryUsage.rss() / 1048576 }));
  }
  return result;
};
`;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function nodeItself(): number {
  const ran = spawnSync(process.execPath, ['-e', 'const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)'], { env: bareEnvironment(), encoding: 'utf8' });
  return Number(ran.stdout);
}

async function once(): Promise<Omit<StartFigures, 'node'>> {
  const folder = temporaryFolder();
  const report = path.join(folder.path, 'report.json');
  const environment = bareEnvironment({ XDG_RUNTIME_DIR: folder.path, LANG: 'C.UTF-8', BENCH_REPORT: report });
  const program = new PtyProgram(process.execPath, ['--require', folder.file('hook.cjs', HOOK), MAIN, 'demo', '--autoplay', 'off'], { columns: 200, rows: 50, whole: true, environment });
  try {
    await until('the full frame', () => existsSync(report) && readFileSync(report, 'utf8').endsWith('}'));
    return JSON.parse(readFileSync(report, 'utf8')) as Omit<StartFigures, 'node'>;
  } finally {
    program.kill('SIGTERM');
    await program.exited;
    folder.remove();
  }
}

export async function measureStart(): Promise<StartFigures> {
  const runs: Omit<StartFigures, 'node'>[] = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await once());
  return {
    node: median(Array.from({ length: RUNS }, nodeItself)),
    first: median(runs.map((run) => run.first)),
    full: median(runs.map((run) => run.full)),
    memoryMib: median(runs.map((run) => run.memoryMib)),
  };
}
