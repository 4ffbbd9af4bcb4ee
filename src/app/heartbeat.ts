// A silent watch says nothing about the line, so the engine's Lease is read every few seconds: whether the server answers, how
// fast, and who drives.

import type { Cluster, ClusterError } from '../cluster/cluster.js';
import { type LeaseRecord, readRecord } from '../controllers/lease-record.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { Driver } from '../kinds/snapshot.js';
import { type Cancel, type Clock, within } from '../lib/clock.js';
import type { Instant } from '../lib/instant.js';
import { driverFrom, isAnswer, type Make, makeOf, otherLeases } from './driver.js';

/** One small read this often shows that nothing is older than two seconds. */
export const HEARTBEAT_MS = 1500;

/** A heartbeat without an answer for so long means that what is shown may be stale. */
export const HEARTBEAT_LIMIT_MS = 4000;

/** Other namespaces are searched for a Lease this often while there is none at the usual place. */
const LEASE_SEARCH_MS = 60_000;

export type Beat = {
  readonly latencyMs: number | undefined;
  readonly lastOkAt: Instant | undefined;
  readonly failure: { readonly since: Instant; readonly reason: string } | undefined;
  /** Undefined: there is none, or this person may not see it. */
  readonly lease: LeaseRecord | undefined;
  /** Why the Lease can not be seen, when that is so. */
  readonly unseen: string | undefined;
  readonly make: Make;
};

export type HeartbeatOptions = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly lease: ObjectRef;
  /** The identity under which an engine in this process leads, while it does. */
  leadingAs(): string | undefined;
  /** The namespaces that are watched; none: all. */
  watched(): readonly string[];
  onBeat(): void;
};

export interface Heartbeat {
  beat(): Beat;
  driver(): Driver;
  /** Now, and from then on as often as ever. */
  again(): void;
  stop(): void;
}

export function sentence(error: ClusterError): string {
  return error.code === 0 ? error.message : `${error.message} (${error.code} ${error.reason})`;
}

export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { cluster, clock, leadingAs } = options;
  let beat: Beat = { latencyMs: undefined, lastOkAt: undefined, failure: undefined, lease: undefined, unseen: undefined, make: {} };
  let stopped = false;
  let cancel: Cancel = () => {};
  let { lease } = options;
  let searchAt: Instant = clock.now();

  /** A namespaced install keeps its Lease in its own namespace; looked for while there is none at the usual place. */
  const searchLease = async (): Promise<void> => {
    if (clock.now() < searchAt) return;
    searchAt = clock.now() + LEASE_SEARCH_MS;
    for (const ref of await otherLeases(cluster, options.lease, options.watched())) {
      const found = await cluster.get(ref);
      if (found.ok && readRecord(found.value).holder !== '') lease = ref;
    }
  };

  /** The engine's make is asked for once for each holder. */
  const takeLease = async (record: LeaseRecord | undefined): Promise<void> => {
    const holder = record?.holder ?? '';
    if (holder === '' && leadingAs() === undefined) void searchLease();
    if (holder === (beat.lease?.holder ?? '')) beat = { ...beat, lease: record };
    else beat = { ...beat, lease: record, make: holder === '' || holder === leadingAs() ? {} : await makeOf(cluster, lease, holder) };
  };

  const take = async (answer: Awaited<ReturnType<Cluster['get']>> | undefined, sentAt: Instant): Promise<void> => {
    const now = clock.now();
    if (answer === undefined) {
      const silent = `the API server has not answered for ${HEARTBEAT_LIMIT_MS / 1000} s`;
      beat = { ...beat, failure: { since: beat.failure?.since ?? sentAt, reason: cluster.entrance?.trouble() ?? silent } };
    } else if (answer.ok || isAnswer(answer.error)) {
      const unseen = !answer.ok && answer.error.code === 403 ? `no right to read the Lease in namespace ${lease.namespace}` : undefined;
      beat = { ...beat, latencyMs: now - sentAt, lastOkAt: now, failure: undefined, unseen };
      await takeLease(answer.ok ? readRecord(answer.value) : undefined);
    }
    // Lost since the first failure, for the reason of the last: a server that is back may refuse for another one.
    else beat = { ...beat, failure: { since: beat.failure?.since ?? now, reason: sentence(answer.error) } };
  };

  let turn = 0;
  const pulse = async (): Promise<void> => {
    turn += 1;
    const mine = turn;
    const sentAt = clock.now();
    const answer = await within(clock, HEARTBEAT_LIMIT_MS, cluster.get(lease));
    if (stopped || mine !== turn) return;
    await take(answer, sentAt);
    options.onBeat();
    cancel();
    cancel = clock.after(HEARTBEAT_MS, () => void pulse());
  };
  void pulse();

  return {
    beat: () => beat,
    driver: () => driverOf(leadingAs(), beat, clock.now(), cluster.skewMs?.() ?? 0),
    again() {
      cancel();
      void pulse();
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}

/** Of a lost cluster only what was so is known: a lease that could not be read has not run out. */
function driverOf(leadingAs: string | undefined, beat: Beat, now: Instant, skewMs: number): Driver {
  if (leadingAs !== undefined) return { type: 'self', identity: leadingAs };
  if (beat.unseen !== undefined && beat.lease === undefined) return { type: 'unknown', reason: beat.unseen };
  // The holder's clock is as the server's, not as this machine's.
  return driverFrom(beat.lease, skewMs + (beat.failure === undefined ? now : (beat.lastOkAt ?? now)), beat.make);
}
