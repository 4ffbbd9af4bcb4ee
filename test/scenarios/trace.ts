// Recordings of Argo Rollouts v1.9.1 on a real cluster, cut to what is compared: traces/<topic>.json.gz.
// What was created and done, and what the real controller then made of it, with what differed between its own runs marked racy.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A condition on reduced objects; see `holds` in player.ts. Times are seconds. */
export type When = {
  readonly all?: Readonly<Record<string, Readonly<Record<string, Json>> | null>>;
  readonly quiet?: number;
  readonly settle?: number;
  readonly delay?: number;
  readonly web?: number;
};

export type Operation = {
  readonly kubectl?: string;
  readonly patch?: { readonly obj: string; readonly type?: 'merge' | 'json' | 'strategic'; readonly body: Json; readonly subresource?: string };
  readonly create?: string;
  readonly delete?: string;
  readonly web?: WebScript;
  readonly ready?: { readonly rs: string; readonly count?: number | 'all'; readonly value?: boolean };
};

export type WebAnswer = number | { readonly status?: number; readonly json?: Json; readonly text?: string };
export type WebScript = Readonly<Record<string, readonly WebAnswer[]>>;

export type TraceEvent = { readonly obj: string; readonly type: string; readonly reason: string; readonly message: string; readonly racy?: boolean };
export type Checkpoint = { readonly at: string; readonly state: Readonly<Record<string, Json>>; readonly racy?: readonly string[] };

export type Trace = {
  readonly id: string;
  readonly title: string;
  readonly seconds: number;
  readonly manifests: readonly string[];
  readonly webScript: WebScript;
  readonly actions: readonly { readonly when: When; readonly do: readonly Operation[] }[];
  /** Commands that failed. */
  readonly refused: readonly string[];
  readonly end: When;
  readonly hashes: Readonly<Record<string, string>>;
  readonly checkpoints: readonly Checkpoint[];
  readonly lanes: Readonly<Record<string, readonly Json[]>>;
  readonly racyLanes: Readonly<Record<string, readonly number[]>>;
  readonly lanesOtherRuns: Readonly<Record<string, readonly (readonly Json[] | null)[]>>;
  readonly events: readonly TraceEvent[];
  readonly storedEvents: readonly TraceEvent[];
  /** YAML texts. */
  readonly final: Readonly<Record<string, string>>;
  readonly racyFinal: Readonly<Record<string, readonly string[]>>;
  /** AnalysisRuns that were stopped from outside: how far they came is chance. */
  readonly stopped: readonly string[];
};

export const TOPICS = ['basic', 'istio', 'analysis', 'workloadref', 'bluegreen', 'experiment', 'routers', 'invalid', 'misc', 'cli'] as const;

export async function readTraces(topic: (typeof TOPICS)[number]): Promise<readonly Trace[]> {
  const file = path.join(process.env['SLUICE_ROOT'] ?? '.', 'test', 'scenarios', 'traces', `${topic}.json.gz`);
  return JSON.parse(gunzipSync(await readFile(file)).toString('utf8')) as readonly Trace[];
}
