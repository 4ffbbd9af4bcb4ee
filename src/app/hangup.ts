// A lost line (SIGHUP) takes the screen away, not the engine: it goes on until every rollout is at rest, writes down what it
// did meanwhile, and the next console shows that.

import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { buildBoard, EMPTY_BOARD, type Board } from '../console/board.js';
import type { RolloutFacts } from '../console/facts.js';
import { nameOf } from '../console/rollout-key.js';
import type { Snapshot } from '../kinds/snapshot.js';
import { sleep, type Clock } from '../lib/clock.js';
import { appendRotated } from './rotated-file.js';
import { stateFolder } from './user-folders.js';

/** An engine that goes on for weeks may have much to say. */
const ROTATION = { mostBytes: 1024 * 1024, keptFiles: 1 };

type Environment = Readonly<Record<string, string | undefined>>;

/** Rollouts are looked at this often. */
const LOOK_MS = 1000;

/** All must have been at rest for so long: between two steps a rollout may look so for a moment. */
const REST_MS = 5000;

/** Lines of an old log that a notice has room for. */
const MOST_SHOWN_LINES = 3;

/** Healthy, degraded, or waiting for a person: nothing more happens by itself. */
export function isAtRest(facts: RolloutFacts): boolean {
  return facts.observed && (facts.phase === 'Healthy' || facts.phase === 'Degraded' || facts.waiting !== undefined);
}

function placeOf({ phase, stepIndex, steps, askedPercent, message }: RolloutFacts): string {
  const step = stepIndex === undefined ? '' : `, step ${Math.min(stepIndex + 1, steps.length)} of ${steps.length}`;
  return `${phase}${step}, canary asked ${Math.round(askedPercent)} %${message === '' ? '' : `: ${message}`}`;
}

/** What has changed since the last look, one line each. */
export function describeChanges(before: Board, after: Board): readonly string[] {
  return after.all.flatMap((facts) => {
    const known = before.byKey.get(facts.key);
    const now = placeOf(facts);
    return known === undefined || placeOf(known) === now ? [] : [`${nameOf(facts.key)}: ${now}`];
  });
}

export type DriveOnOptions = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  snapshot(): Snapshot;
  /** Whether the engine still leads. */
  leads(): boolean;
  write(line: string): Promise<void>;
};

/** Resolves when all are at rest, when another engine leads, or when the signal aborts. */
export async function driveOn({ clock, signal, snapshot, leads, write }: DriveOnOptions): Promise<void> {
  let board = buildBoard(snapshot(), EMPTY_BOARD);
  let restingSince: number | undefined;
  await write('the terminal is gone: the engine goes on without a screen');
  while (!signal.aborted) {
    const next = buildBoard(snapshot(), board);
    for (const line of describeChanges(board, next)) await write(line);
    board = next;
    const resting = next.all.every(isAtRest);
    restingSince = resting ? (restingSince ?? clock.now()) : undefined;
    if (!leads()) return write('another engine leads: ended');
    if (restingSince !== undefined && clock.now() - restingSince >= REST_MS) return write('every rollout is at rest: the Lease is given back');
    await sleep(clock, LOOK_MS, signal);
  }
  return write('ended by a signal: the Lease is given back');
}

const fileOf = (environment: Environment, context: string): string => path.join(stateFolder(environment), `hangup-${context.replaceAll(/[^\w.-]/g, '_')}.log`);

/** Appends to the log of this context; a disk that is full must not stop the engine. */
export function createHangupLog(environment: Environment, context: string, clock: Clock): (line: string) => Promise<void> {
  const file = fileOf(environment, context);
  return async (line) => {
    try {
      await appendRotated(file, `${new Date(clock.now()).toISOString()} ${line}\n`, ROTATION);
    } catch {
      // There is no screen to tell it on, and the cluster's own events remain.
    }
  };
}

/** What an engine without a screen did here, once: the file is put aside when it has been told. Undefined when there is nothing. */
export async function takeHangupLog(environment: Environment, context: string): Promise<string | undefined> {
  const file = fileOf(environment, context);
  try {
    const newest = await readFile(file, 'utf8');
    const older = await readFile(`${file}.1`, 'utf8').catch(() => '');
    const lines = `${older}${newest}`.trimEnd().split('\n');
    await rename(file, `${file}.shown`);
    if (older !== '') await rename(`${file}.1`, `${file}.shown.1`);
    const more = lines.length > MOST_SHOWN_LINES ? `${lines.length} entries, the last: ` : '';
    const where = `all of it: ${older === '' ? '' : `${file}.shown.1, then `}${file}.shown`;
    return `While no screen was open: ${more}${lines.slice(-MOST_SHOWN_LINES).join('; ')} (${where})`;
  } catch {
    // No such file: nothing happened without a screen.
    return undefined;
  }
}
