// Reads the local audit log for what was asked of one rollout, the oldest first, and goes on looking while somebody looks at it.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Need } from '../console/need.js';
import type { PastAct } from '../console/past-acts.js';
import type { Cancel, Clock } from '../lib/clock.js';
import { isRecord } from '../lib/deep.js';
import { parseTime } from '../lib/instant.js';
import { auditFiles } from './audit.js';
import { identityText } from './identity.js';

type Environment = Readonly<Record<string, string | undefined>>;
type AuditNeed = Need & { readonly type: 'audit' };

/** The newest that are kept. */
const MOST_ACTS = 500;

/** How often a file that is looked at is looked for changes. */
const LOOK_MS = 2000;

/** Undefined for lines of other rollouts, and for those that are none. */
function actOf(line: string, { cluster, namespace, name }: AuditNeed): PastAct | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    // A line that was cut when the disk was full says nothing.
    return undefined;
  }
  if (!isRecord(entry) || entry['context'] !== cluster || entry['namespace'] !== namespace || entry['name'] !== name) return undefined;
  const text = (field: string): string => (typeof entry[field] === 'string' ? entry[field] : '');
  const at = parseTime(text('time'));
  if (at === undefined) return undefined;
  const who = identityText({ user: text('user'), osUser: text('osUser'), host: text('host') });
  return { at, who, action: text('action'), outcome: text('outcome'), revision: text('revision'), reason: text('reason') };
}

export async function readPastActs(environment: Environment, need: AuditNeed): Promise<readonly PastAct[]> {
  const acts: PastAct[] = [];
  const named = JSON.stringify(need.name);
  for (const file of auditFiles(environment).toReversed()) {
    const input = createReadStream(file, 'utf8');
    const lines = createInterface({ input, crlfDelay: Infinity });
    try {
      for await (const line of lines) {
        // Most lines are of other rollouts, and need not be parsed.
        const act = line.includes(named) ? actOf(line, need) : undefined;
        if (act !== undefined) acts.push(act);
        if (acts.length > 2 * MOST_ACTS) acts.splice(0, MOST_ACTS);
      }
    } catch {
      // A file that is not there, or not ours to read, tells nothing.
    }
  }
  return acts.slice(-MOST_ACTS);
}

/** Calls `onActs` at once and whenever the log has grown. Returns the way to stop. */
export function followPastActs(need: AuditNeed, environment: Environment, clock: Clock, onActs: (acts: readonly PastAct[]) => void): () => void {
  let stopped = false;
  let cancel: Cancel = () => {};
  let seen = '';
  const look = async (): Promise<void> => {
    const now = await stat(auditFiles(environment)[0] ?? '').then(
      ({ size, mtimeMs, ino }) => `${size} ${mtimeMs} ${ino}`,
      () => 'none',
    );
    if (now !== seen) {
      const acts = await readPastActs(environment, need);
      if (!stopped) onActs(acts);
    }
    seen = now;
    if (!stopped) cancel = clock.after(LOOK_MS, () => void look());
  };
  void look();
  return () => {
    stopped = true;
    cancel();
  };
}
