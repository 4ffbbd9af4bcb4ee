// `npm run bench`: counts, bytes and processor time of the program, in a table that the README quotes.
// `npm run bench -- engine console` measures only those parts.

import { measureAttach } from './attach-work.js';
import { measureConsole } from '../support/console-bench.js';
import { measureEngine } from './engine-work.js';
import { measureMinutes } from './minutes.js';
import { measurePainting } from './painting.js';
import { measureStart } from './program-start.js';
import { measureStore } from './store-work.js';
import { measureWatches } from './watch-work.js';

/** Enough for the compiler to have seen all of it: the console runs for hours. */
const CONSOLE_ROUNDS = 200;
const CONSOLE_ROLLOUTS = 500;

type Row = readonly [what: string, figure: string];

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 });

/** The value below which that part of them lies. */
const at = (values: readonly number[], part: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const PARTS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  async start() {
    const { node, first, full, memoryMib } = await measureStart();
    return [
      ['processor time of `node -e 0`, which all others include', ms(node)],
      ['`sluice demo` until its first frame is on the terminal (aim 200 ms)', ms(first)],
      ['the same until the five rollouts are (aim 350 ms)', ms(full)],
      ['memory of `sluice demo` then', `${Math.round(memoryMib)} MiB`],
    ];
  },
  async painting() {
    const figures = await measurePainting();
    return [
      ['bytes for one changed row of 50, 200x50', count(figures.changedRow)],
      ['bytes for one line of scrolling, 200x50', count(figures.scroll)],
      ['bytes for moving the mark one line', count(figures.mark)],
      ['bytes for the whole screen', count(figures.whole)],
    ];
  },
  async console() {
    const { changeMs, keyMs, tickMs, detailMs } = measureConsole(processorMs, CONSOLE_ROLLOUTS, CONSOLE_ROUNDS);
    return Promise.resolve([
      ['processor time of update and render, 500 rollouts, 200x60: a change in the cluster (aim 5 ms)', ms(changeMs)],
      ['the same for a key', ms(keyMs)],
      ['the same for a tick of the clock', ms(tickMs)],
      ['the same for a tick with one rollout open', ms(detailMs)],
    ]);
  },
  async engine() {
    const { rollouts, create, update, rest, idlePasses } = await measureEngine();
    const each = (value: number): string => count(value / rollouts);
    return [
      [`${rollouts} rollouts created: requests and writes a rollout`, `${each(create.requests)}, ${each(create.writes)}`],
      [`${rollouts} released through 20 %, 1 s, 50 %, 1 s: requests and writes a rollout (Argo Rollouts: 47 requests)`, `${each(update.requests)}, ${each(update.writes)}`],
      ['processor time of those releases, server and sandbox in the same process', `${(update.cpuMs / 1000).toFixed(2)} s`],
      ['passes and watch events of those releases, a rollout', `${each(update.passes)}, ${each(update.watchEvents)}`],
      ['requests for the rollouts at rest in ten minutes, apart from watches and the lease', count(rest.requests)],
      [`writes in ${count(idlePasses.passes)} passes that change nothing`, count(idlePasses.writes)],
    ];
  },
  async store() {
    const figures = measureStore();
    return Promise.resolve([
      ['writes to the store a second of processor time', count(Math.round(figures.writesPerSecond))],
      ['watch deliveries a second of processor time, ten watchers', count(Math.round(figures.deliveriesPerSecond))],
    ]);
  },
  async watches() {
    const { writes, seconds, watchers, renewals, memoryMib, cpuSeconds } = await measureWatches();
    return [
      [`a minute of writes to 5,000 objects with ${watchers} watchers over HTTPS: writes a second, deliveries a second, none lost or doubled`, `${count(writes / seconds)}, ${count((writes * watchers) / seconds)}`],
      ['deliveries a second of the server\'s processor time; watches that it cut off', `${count(Math.round((writes * watchers) / cpuSeconds))}, ${count(renewals)}`],
      ['memory of the server before, in each fifth of it, and at the end', `${memoryMib.map(Math.round).join(' ')} MiB`],
    ];
  },
  async attach() {
    const figures = await measureAttach((line) => process.stdout.write(`${line}\n`));
    if (figures === undefined) return [];
    const { first, content, idle, changing, keys, events, memoryMib, manyContent, manyIdle, scroll } = figures;
    const share = ({ cpuMs }: { readonly cpuMs: number }): string => `${(cpuMs / 600).toFixed(1)} %`;
    const spread = (values: readonly number[]): string => `${ms(at(values, 0.5))}, ${ms(at(values, 0.99))}`;
    return [
      ['on a real control plane: processor time until the first frame / the first rows, 50 rollouts (k9s: 330 ms)', `${ms(first.cpu)} / ${ms(content.cpu)}`],
      ['the same in time on this machine', `${ms(first.wall)} / ${ms(content.wall)}`],
      ['an idle minute, 200x50: bytes (k9s: 12,000), share of a core', `${count(idle.bytes)}, ${share(idle)}`],
      ['a minute with three changes a second: bytes (k9s: 98,000), share of a core (k9s: 2.3 %)', `${count(changing.bytes)}, ${share(changing)}`],
      ['a key to its answer on the terminal: p50, p99 (aim 33 ms)', spread(keys)],
      ['a change on the server to its cell: p50, p99 (aim 50 ms)', spread(events)],
      ['memory with 50 / 500 rollouts and their pods (k9s: 121 / 161 MB)', `${Math.round(memoryMib.few)} / ${Math.round(memoryMib.many)} MiB`],
      ['500 rollouts: processor time until the first rows', ms(manyContent.cpu)],
      ['500 rollouts at rest, a minute: bytes (k9s: 15,000), share of a core (k9s: 4.6 %; aim 1 %)', `${count(manyIdle.bytes)}, ${share(manyIdle)}`],
      ['2,000 rollouts in 100 namespaces, scrolled: processor time of a frame: p99, most (aim 16 ms)', `${ms(at(scroll, 0.99))}, ${ms(Math.max(...scroll))}`],
    ];
  },
  async minutes() {
    const { idle, demo } = await measureMinutes();
    return [
      ['a minute of the console with rollouts at rest, 200x50: bytes, processor time', `${count(idle.bytes)}, ${ms(idle.cpuMs)}`],
      ['a minute of `sluice demo` while it releases, 200x50: bytes, processor time with cluster, sandbox and engine', `${count(demo.bytes)}, ${ms(demo.cpuMs)}`],
    ];
  },
};

const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const [what, figure] of await measure()) process.stdout.write(`${figure.padStart(16)}  ${what}\n`);
}
process.exit(0);
