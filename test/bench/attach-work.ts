// The console beside a real control plane, as the incumbents were measured: 200x50, fifty rollouts of which three change a second, five
// hundred at rest, two thousand to scroll through. Processor time and bytes travel between machines; times do not.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PtyProgram } from '../support/pty.js';
import { bareEnvironment, type Folder, MAIN, temporaryFolder, until } from '../support/sluice.js';
import { type AttachCluster, nameOf, startAttachCluster } from './attach-cluster.js';
import { cpuMs } from './processor.js';

const FEW = 50;
const MANY = 500;
const MOST = 2000;
const NAMESPACES = 100;
const CHANGES_PER_SECOND = 3;
const MINUTE_MS = 60_000;
/** The first rows are measured so many times: one run differs from the next by a fifth. */
const STARTS = 7;
const SETTLING_MS = 5000;
const KEYS = 200;
const MOVES = 60;
const SCROLLS = 400;
/** Slower than any answer, faster than any person. */
const BETWEEN_MS = 60;
const LONGEST_MS = 60_000;
const PAGE = 4096;

/** Tells when the first frame and the first rows were handed over, and what has been spent from each key to its frame since SIGUSR2. */
const HOOK = `
const { writeFileSync } = require('node:fs');
const cpuMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const write = process.stdout.write;
let first, content, seen = '', frames, begun;
process.stdout.write = function (...words) {
  const result = write.apply(this, words);
  if (content === undefined) {
    seen += String(words[0]);
    if (first === undefined && seen.includes('sluice') && seen.includes('quit')) first = { cpu: cpuMs(), wall: performance.now() };
    if (seen.includes(process.env.BENCH_CONTENT)) {
      content = { cpu: cpuMs(), wall: performance.now() };
      seen = '';
      writeFileSync(process.env.BENCH_REPORT, JSON.stringify({ first, content }));
    }
  }
  if (begun !== undefined) { frames.push(cpuMs() - begun); begun = undefined; }
  return result;
};
const emit = process.stdin.emit;
process.stdin.emit = function (name, ...words) {
  if (name === 'data' && frames !== undefined) begun ??= cpuMs();
  return emit.call(this, name, ...words);
};
process.on('SIGUSR2', () => {
  if (frames !== undefined) { writeFileSync(process.env.BENCH_REPORT + '.frames', JSON.stringify(frames)); frames = undefined; return; }
  frames = [];
});
`;

type Moment = { readonly cpu: number; readonly wall: number };
export type Minute = { readonly bytes: number; readonly cpuMs: number };

export type AttachFigures = {
  readonly first: Moment;
  readonly content: Moment;
  readonly idle: Minute;
  readonly changing: Minute;
  readonly keys: readonly number[];
  readonly events: readonly number[];
  readonly memoryMib: { readonly few: number; readonly many: number };
  readonly manyContent: Moment;
  readonly manyIdle: Minute;
  readonly scroll: readonly number[];
};

const rest = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

function memoryMib(pid: number): number {
  return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE) / 1024 / 1024;
}

type Bench = { readonly program: PtyProgram; readonly report: string; readonly first: Moment; readonly content: Moment; close(): Promise<void> };

/** The console on all namespaces, or on one. */
async function openBench(cluster: AttachCluster, words: readonly string[]): Promise<Bench> {
  const folder: Folder = temporaryFolder();
  const report = path.join(folder.path, 'report.json');
  const environment = bareEnvironment({ LANG: 'C.UTF-8', BENCH_REPORT: report, BENCH_CONTENT: nameOf(0), XDG_STATE_HOME: folder.path });
  const program = new PtyProgram(process.execPath, ['--require', folder.file('hook.cjs', HOOK), MAIN, '--kubeconfig', cluster.kubeconfig, ...words], { columns: 200, rows: 50, whole: true, environment });
  await until('the first rows', () => existsSync(report) && readFileSync(report, 'utf8').endsWith('}'), LONGEST_MS);
  const { first, content } = JSON.parse(readFileSync(report, 'utf8')) as { first: Moment; content: Moment };
  return {
    program, report, first, content,
    async close() {
      program.kill('SIGTERM');
      await program.exited;
      folder.remove();
    },
  };
}

async function minuteOf({ program }: Bench): Promise<Minute> {
  const before = { bytes: program.bytes, cpuMs: cpuMs(program.pid) };
  await rest(MINUTE_MS);
  return { bytes: program.bytes - before.bytes, cpuMs: cpuMs(program.pid) - before.cpuMs };
}

/** From the key to the first bytes of its answer. */
async function answerTimes({ program }: Bench): Promise<readonly number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < KEYS; turn += 1) {
    await rest(BETWEEN_MS);
    const before = program.bytes;
    const begin = performance.now();
    const answered = new Promise<void>((resolve) => { program.onceFed(() => resolve()); });
    program.keys(turn % 40 < 20 ? 'j' : 'k');
    await answered;
    if (program.bytes > before) times.push(performance.now() - begin);
  }
  return times;
}

/** From the server's answer to a change, by which its watchers have the event, to the cell that shows it. */
async function eventTimes({ program }: Bench, cluster: AttachCluster): Promise<readonly number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < MOVES; turn += 1) {
    // Another weight each time: steps 0 and 2.
    const weight = await cluster.move(0, turn * 2);
    const begin = performance.now();
    await program.waitFor((grid) => new RegExp(`${nameOf(0)} .* ${weight}%`).test(grid.text), LONGEST_MS);
    times.push(performance.now() - begin);
    await rest(BETWEEN_MS);
  }
  return times;
}

async function scrollCosts({ program, report }: Bench): Promise<readonly number[]> {
  process.kill(program.pid, 'SIGUSR2');
  for (let turn = 0; turn < SCROLLS; turn += 1) {
    await rest(BETWEEN_MS);
    // Line by line and page by page, down and up again, never to the end.
    const down = turn % 40 < 20;
    program.keys(turn % 4 === 3 ? `\u001b[${down ? 6 : 5}~` : down ? 'j' : 'k');
  }
  process.kill(program.pid, 'SIGUSR2');
  await until('the costs of frames', () => existsSync(`${report}.frames`) && readFileSync(`${report}.frames`, 'utf8').endsWith(']'));
  return JSON.parse(readFileSync(`${report}.frames`, 'utf8')) as number[];
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const middle = (moments: readonly Moment[]): Moment => ({ cpu: median(moments.map(({ cpu }) => cpu)), wall: median(moments.map(({ wall }) => wall)) });

async function measure(cluster: AttachCluster): Promise<AttachFigures> {
  const space = ['bench'];
  await cluster.fill(FEW, space, true);
  // The server is still busy with what was made.
  await rest(SETTLING_MS);
  const starts: Bench[] = [];
  for (let run = 0; run < STARTS; run += 1) {
    const started = await openBench(cluster, ['-n', 'bench']);
    await started.close();
    starts.push(started);
  }
  const few = await openBench(cluster, ['-n', 'bench']);
  await few.program.waitFor((grid) => (grid.text.match(/healthy/g)?.length ?? 0) > 30, LONGEST_MS);
  await rest(3000);
  const idle = await minuteOf(few);
  const keys = await answerTimes(few);
  const events = await eventTimes(few, cluster);
  const stop = cluster.change(CHANGES_PER_SECOND);
  await rest(3000);
  const changing = await minuteOf(few);
  await stop();
  const fewMib = memoryMib(few.program.pid);
  await few.close();
  await cluster.fill(MANY, space, true);
  const many = await openBench(cluster, ['-n', 'bench']);
  await rest(5000);
  const manyIdle = await minuteOf(many);
  const manyMib = memoryMib(many.program.pid);
  await many.close();
  await cluster.clear();
  await cluster.fill(MOST, Array.from({ length: NAMESPACES }, (_, place) => `team-${String(place).padStart(3, '0')}`), false);
  const most = await openBench(cluster, []);
  await rest(5000);
  const scroll = await scrollCosts(most);
  await most.close();
  return { first: middle(starts.map(({ first }) => first)), content: middle(starts.map(({ content }) => content)), idle, changing, keys, events, memoryMib: { few: fewMib, many: manyMib }, manyContent: many.content, manyIdle, scroll };
}

/** Undefined where there is no control plane; the reason is said. */
export async function measureAttach(say: (line: string) => void): Promise<AttachFigures | undefined> {
  const cluster = await startAttachCluster(say);
  if (cluster === undefined) return undefined;
  try {
    return await measure(cluster);
  } finally {
    await cluster.stop();
  }
}
