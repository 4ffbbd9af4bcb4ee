// Who asked for what, when, why, on what they saw, and what came of it: a line for each in a file that only its owner reads,
// and an Event on the rollout for everybody else. Never an annotation: those are copied to ReplicaSets and drift from git.

import path from 'node:path';
import type { Cluster } from '../cluster/cluster.js';
import type { About } from '../console/effect.js';
import { eventObject } from '../controllers/events.js';
import type { Change } from '../kinds/change.js';
import { apiVersionOf, EVENT, ROLLOUT } from '../kinds/resource-type.js';
import { formatMicroTime, type Instant } from '../lib/instant.js';
import { type Identity, identityText } from './identity.js';
import { appendRotated } from './rotated-file.js';
import { stateFolder } from './user-folders.js';
import { VERSION } from './version.js';

const FILE_NAME = 'audit.jsonl';

const ROTATION = { mostBytes: 4 * 1024 * 1024, keptFiles: 4 };

/** The component that the Events name. */
const SOURCE = 'sluice';

const LONGEST_MESSAGE = 1000;

/** The one that is written to, then those that are full, the newest first. Any of them may not be there. */
export function auditFiles(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const file = path.join(stateFolder(environment), FILE_NAME);
  return [file, ...Array.from({ length: ROTATION.keptFiles }, (_, place) => `${file}.${place + 1}`)];
}

export type AuditEntry = {
  readonly about: About;
  readonly at: Instant;
  readonly outcome: string;
  /** The server's words, or what was seen. */
  readonly text: string;
  readonly changes?: readonly Change[];
};

export interface Audit {
  readonly file: string;
  /** Never fails the act: what can not be written is told once, by `onProblem`. */
  record(entry: AuditEntry): void;
  /** Resolves when all that was recorded is written. */
  settled(): Promise<void>;
}

export type AuditOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** 'console', or the verb of the command line. */
  readonly via: string;
  /** Of the context in which it was asked. */
  identity(context: string): Identity;
  cluster(context: string): Cluster | undefined;
  onProblem(text: string): void;
};

function lineOf({ about, at, outcome, text, changes }: AuditEntry, identity: Identity, via: string): string {
  const { event: _event, ...told } = about;
  const asked = changes === undefined ? {} : { changes: changes.map(changeText) };
  return `${JSON.stringify({ time: formatMicroTime(at), ...identity, via, version: VERSION, pid: process.pid, ...told, outcome, text, ...asked })}\n`;
}

function changeText(change: Change): unknown {
  const { type, ref } = change;
  const place = { type, resource: ref.type.plural, namespace: ref.namespace, name: ref.name };
  return type === 'patch' ? { ...place, subresource: change.subresource, patchType: change.patchType, body: change.body } : place;
}

async function recordEvent(cluster: Cluster, entry: AuditEntry, identity: Identity): Promise<void> {
  const { about, at, outcome, text } = entry;
  const { namespace, name, uid, words, reason, action } = about;
  // Nanoseconds, as client libraries name their events.
  const stamp = (BigInt(Math.floor(at)) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n)).toString(16);
  const ref = { type: EVENT, namespace, name: `${name}.${stamp}` };
  const verb = action.slice(action.indexOf('.') + 1).replaceAll(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  const why = reason === '' ? '' : `; reason: ${reason}`;
  const came = outcome === 'taken' ? '' : ` (${outcome}: ${text})`;
  const message = `${identityText(identity)}: ${words}${why}${came}`.slice(0, LONGEST_MESSAGE);
  const type = outcome === 'refused' || outcome === 'stopped' ? 'Warning' : 'Normal';
  const note = { type, reason: `Operator${verb}`, message } as const;
  await cluster.create(
    ref,
    eventObject(ref, { about: { apiVersion: apiVersionOf(ROLLOUT), kind: ROLLOUT.kind, metadata: { namespace, name, uid } }, note, at }, SOURCE),
  );
}

/** What others need to read of on the rollout itself; the rest is in the file only. */
const TOLD: ReadonlySet<string> = new Set(['taken', 'refused', 'stopped', 'done']);

export function createAudit(options: AuditOptions): Audit {
  const [file = FILE_NAME] = auditFiles(options.environment);
  let last: Promise<void> = Promise.resolve();
  let complained = false;
  const write = async (entry: AuditEntry): Promise<void> => {
    const { context } = entry.about;
    const identity = options.identity(context);
    try {
      await appendRotated(file, lineOf(entry, identity, options.via), ROTATION);
    } catch (error) {
      if (!complained) options.onProblem(`the audit log ${file} can not be written: ${error instanceof Error ? error.message : String(error)}`);
      complained = true;
    }
    const cluster = options.cluster(context);
    // An Event that the server refuses is no reason to disturb anybody: the line in the file is the record.
    if (cluster !== undefined && entry.about.event && TOLD.has(entry.outcome)) await recordEvent(cluster, entry, identity);
  };
  return {
    file,
    record(entry) {
      last = last.then(() => write(entry));
    },
    settled: () => last,
  };
}
