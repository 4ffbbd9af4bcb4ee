// What `kubectl logs` shows: a start-up line and an access log of a share of the requests, kept for a while in memory.

import type { KubeObject } from '../kinds/kube-object.js';
import { formatMicroTime } from '../lib/instant.js';
import type { Instant } from '../lib/instant.js';
import type { Rng } from '../lib/rng.js';
import { normal } from './chance.js';
import { MEDIAN_MS } from './latency.js';
import type { RequestBatch } from './request-batch.js';

/** The oldest lines of a pod go first. */
export const MOST_LINES = 500;
/** A log tells that there is traffic, not each request: at most so many lines a tick and pod. */
const LINES_A_TICK = 1;

/** What one run of a pod's containers has written. */
type Book = {
  readonly lines: string[];
  /** Lines before these, of this run or earlier ones, so that a follower knows its place. */ dropped: number;
  closed: boolean;
};

type Shelf = { readonly current: Book; readonly previous: Book | undefined };

export type LogPage = {
  readonly lines: readonly string[];
  /** The place after them. */
  readonly next: number;
  /** The run has ended: nothing follows. */
  readonly closed: boolean;
};

export type PodLogs = {
  /** After the end of a run the first line begins the next one. */
  write(uid: string, now: Instant, lines: readonly string[]): void;
  /** The containers have ended; what they wrote is kept until the next but one ends. */
  close(uid: string): void;
  /** The lines from a place on. */
  read(uid: string, from: number): LogPage;
  /** The lines of the last run that has ended. */
  readPrevious(uid: string): readonly string[];
  forget(uid: string): void;
};

export function createPodLogs(): PodLogs {
  const shelves = new Map<string, Shelf>();
  const openBook = (uid: string): Book => {
    const shelf = shelves.get(uid);
    if (shelf?.current.closed === false) return shelf.current;
    const dropped = shelf === undefined ? 0 : shelf.current.dropped + shelf.current.lines.length;
    const current: Book = { lines: [], dropped, closed: false };
    shelves.set(uid, { current, previous: shelf?.current });
    return current;
  };
  return {
    write(uid, now, lines) {
      const book = openBook(uid);
      for (const line of lines) book.lines.push(`${formatMicroTime(now).slice(0, 23)}Z ${line}`);
      const surplus = book.lines.length - MOST_LINES;
      if (surplus > 0) {
        book.lines.splice(0, surplus);
        book.dropped += surplus;
      }
    },
    close(uid) {
      const shelf = shelves.get(uid);
      if (shelf !== undefined) shelf.current.closed = true;
    },
    read(uid, from) {
      const book = shelves.get(uid)?.current;
      if (book === undefined) return { lines: [], next: from, closed: false };
      return { lines: book.lines.slice(Math.max(0, from - book.dropped)), next: book.dropped + book.lines.length, closed: book.closed };
    },
    readPrevious(uid) {
      const shelf = shelves.get(uid);
      return (shelf?.current.closed === true ? shelf.current : shelf?.previous)?.lines ?? [];
    },
    forget: (uid) => {
      shelves.delete(uid);
    },
  };
}

/** Access-log lines for one tick: for each batch a few of its requests, each on one of the pods that served it. */
export function accessLines(batch: RequestBatch, pods: readonly KubeObject[], rng: Rng): ReadonlyMap<string, readonly string[]> {
  const total = Object.values(batch.codes).reduce((sum, count) => sum + count, 0);
  const found = new Map<string, string[]>();
  if (total === 0) return found;
  for (const pod of pods) {
    // A pod that gets a request every few seconds writes a line every few seconds.
    for (let line = 0; line < LINES_A_TICK && rng.next() < total / pods.length / 5; line += 1) {
      const code = codeAt(batch.codes, rng.int(total));
      const meanMs = batch.latencySumMs / total || MEDIAN_MS;
      const text = `level=${Number(code) >= 500 ? 'error' : 'info'} method=GET path=/ status=${code} duration=${(meanMs * Math.exp(0.4 * normal(rng))).toFixed(1)}ms`;
      found.set(pod.metadata.uid ?? '', [...(found.get(pod.metadata.uid ?? '') ?? []), text]);
    }
  }
  return found;
}

function codeAt(codes: Readonly<Record<string, number>>, index: number): string {
  let left = index;
  for (const [code, count] of Object.entries(codes)) {
    if (left < count) return code;
    left -= count;
  }
  return '200';
}
