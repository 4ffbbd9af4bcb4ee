// Many watchers of many objects over HTTPS while others write as fast as they can: what each watcher saw, and what it cost the server.

import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { type Door, doorOf, open } from './door.js';
import { Running, temporaryFolder, until } from './sluice.js';

export type Load = {
  readonly watchers: number;
  readonly objects: number;
  /** When the writers stop: after so many writes, or so long. */
  readonly until: { readonly writes: number } | { readonly ms: number };
};

export type LoadResult = {
  readonly writes: number;
  readonly seconds: number;
  /** Watches that the server ended, and that were begun again after the last version seen. */
  readonly renewals: number;
  /** Watchers that did not see exactly the versions written, once each and in order; each says why. */
  readonly wrong: readonly string[];
  /** Resident memory of the server, in MiB: before the writes, at the end of each fifth of them, and at the end of all deliveries. */
  readonly memoryMib: readonly number[];
  /** Processor time of the server for the writes and their deliveries, in seconds. */
  readonly cpuSeconds: number;
};

const WRITERS = 8;
const SAMPLES = 5;
/** How long the last deliveries may take. */
const DRAIN_MS = 120_000;
const COLLECTION = '/api/v1/namespaces/default/configmaps';
const TICKS_A_SECOND = 100;

async function versionOf(answer: IncomingMessage): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  if ((answer.statusCode ?? 0) >= 300) throw new Error(`${answer.statusCode}: ${text.slice(0, 300)}`);
  return Number(/"resourceVersion":"(\d+)"/.exec(text)?.[1]);
}

/** Counts and sums what it sees: together with the order that is as good as keeping all of it. */
class Watcher {
  last: number;
  count = 0;
  sum = 0;
  renewals = 0;
  fault: string | undefined;
  private readonly door: Door;
  private stream: IncomingMessage | undefined;
  private stopped = false;

  constructor(door: Door, from: number) {
    this.door = door;
    this.last = from;
  }

  async begin(): Promise<void> {
    const target = `${COLLECTION}?watch=1&resourceVersion=${this.last}`;
    this.stream = await open(this.door, { method: 'GET', target, agent: new Agent({ keepAlive: false }) });
    let rest = '';
    this.stream.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.take(line);
    });
    this.stream.on('error', () => undefined);
    this.stream.on('close', () => {
      if (this.stopped || this.fault !== undefined) return;
      this.renewals += 1;
      this.begin().catch((error: unknown) => { this.fault = String(error); });
    });
  }

  private take(line: string): void {
    const version = Number(/"resourceVersion":"(\d+)"/.exec(line)?.[1]);
    if (!line.startsWith('{"type":"MODIFIED"')) this.fault ??= line.slice(0, 300);
    else if (!(version > this.last)) this.fault ??= `version ${version} after ${this.last}`;
    this.last = version;
    this.count += 1;
    this.sum += version;
  }

  stop(): void {
    this.stopped = true;
    this.stream?.destroy();
  }
}

const memoryMib = (pid: number): number => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

type Written = { count: number; sum: number; last: number };

/** Calls `work` from several sides at once, with the numbers from 0 on, until it says that it is enough. */
async function fromAllSides(work: (index: number) => Promise<boolean>): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (await work(next++)) { /* the next one */ }
  };
  await Promise.all(Array.from({ length: WRITERS }, one));
}

export async function loadServer(load: Load): Promise<LoadResult> {
  const folder = temporaryFolder();
  const kubeconfig = path.join(folder.path, 'kubeconfig');
  const server = new Running(['serve', '--kubeconfig-out', kubeconfig, '--sandbox', 'off', '--engine', 'off']);
  const agent = new Agent({ keepAlive: true, maxSockets: WRITERS });
  try {
    await server.says('ready');
    const door = doorOf(kubeconfig);
    let from = 0;
    await fromAllSides(async (index) => {
      if (index >= load.objects) return false;
      const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${index}` }, data: { n: '0', text: 'x'.repeat(200) } });
      from = Math.max(from, await versionOf(await open(door, { method: 'POST', target: COLLECTION, agent, body })));
      return true;
    });
    const watchers = Array.from({ length: load.watchers }, () => new Watcher(door, from));
    await Promise.all(watchers.map((watcher) => watcher.begin()));
    return await press(load, door, agent, watchers, server.child.pid ?? 0);
  } finally {
    agent.destroy();
    await server.end();
    folder.remove();
  }
}

async function press(load: Load, door: Door, agent: Agent, watchers: readonly Watcher[], pid: number): Promise<LoadResult> {
  const written: Written = { count: 0, sum: 0, last: 0 };
  const memory = [memoryMib(pid)];
  const cpuBefore = cpuSeconds(pid);
  const began = Date.now();
  const share = (): number => ('ms' in load.until ? (Date.now() - began) / load.until.ms : written.count / load.until.writes);
  await fromAllSides(async (index) => {
    if ('ms' in load.until ? Date.now() - began >= load.until.ms : index >= load.until.writes) return false;
    const target = `${COLLECTION}/c${index % load.objects}`;
    const version = await versionOf(await open(door, { method: 'PATCH', target, agent, body: `{"data":{"n":"${index + 1}"}}` }));
    written.count += 1;
    written.sum += version;
    written.last = Math.max(written.last, version);
    if (share() * SAMPLES >= memory.length && memory.length < SAMPLES) memory.push(memoryMib(pid));
    return true;
  });
  const seconds = (Date.now() - began) / 1000;
  await until('all deliveries', () => watchers.every(({ last, fault }) => last >= written.last || fault !== undefined), DRAIN_MS).catch(() => undefined);
  memory.push(memoryMib(pid));
  for (const watcher of watchers) watcher.stop();
  const wrong = watchers.flatMap(({ count, sum, last, fault }, index) => {
    const isRight = fault === undefined && count === written.count && sum === written.sum && last === written.last;
    return isRight ? [] : [`watcher ${index}: ${fault ?? `${count} of ${written.count} versions, the last ${last} of ${written.last}`}`];
  });
  const renewals = watchers.reduce((all, watcher) => all + watcher.renewals, 0);
  return { writes: written.count, seconds, renewals, wrong, memoryMib: memory, cpuSeconds: cpuSeconds(pid) - cpuBefore };
}
