// Where a recording is played: a cluster with an engine at work in it, its time, and the web server that analyses ask.

import type { Cluster } from '../../src/cluster/cluster.js';
import type { Instant } from '../../src/lib/instant.js';
import type { ScriptedWeb } from './web.js';

export type PlayWorld = {
  /** As an operator sees it. */
  readonly cluster: Cluster;
  /** Empty, and made for this play. */
  readonly namespace: string;
  readonly web: ScriptedWeb;
  now(): Instant;
  /** Lets the time pass up to then. */
  runUntil(until: Instant): Promise<void>;
  /** What the engine has said about the namespace. */
  log(): readonly string[];
  stop(): Promise<void>;
};
