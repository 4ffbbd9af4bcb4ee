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

type Book = { readonly lines: string[]; /** Lines that were dropped, so that a follower knows its place. */ dropped: number };

export type PodLogs = {
  write(uid: string, now: Instant, lines: readonly string[]): void;
  /** The lines from a place on, and the place after them. */
  read(uid: string, from: number): { readonly lines: readonly string[]; readonly next: number };
  forget(uid: string): void;
};

export function createPodLogs(): PodLogs {
  const books = new Map<string, Book>();
  return {
    write(uid, now, lines) {
      const book = books.get(uid) ?? { lines: [], dropped: 0 };
      books.set(uid, book);
      for (const line of lines) book.lines.push(`${formatMicroTime(now).slice(0, 23)}Z ${line}`);
      const surplus = book.lines.length - MOST_LINES;
      if (surplus > 0) {
        book.lines.splice(0, surplus);
        book.dropped += surplus;
      }
    },
    read(uid, from) {
      const book = books.get(uid);
      if (book === undefined) return { lines: [], next: from };
      return { lines: book.lines.slice(Math.max(0, from - book.dropped)), next: book.dropped + book.lines.length };
    },
    forget: (uid) => {
      books.delete(uid);
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
