// Whole logs into files: all that the server still has of each container, as it was written.

import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { once } from 'node:events';
import type { Cluster } from '../cluster/cluster.js';
import type { LogSource } from '../console/need.js';
import { POD } from '../kinds/resource-type.js';
import { countText } from '../lib/count-text.js';
import { OWNER_FOLDER, OWNER_ONLY } from '../lib/owner-only.js';
import { err, ok, type Result } from '../lib/result.js';
import type { Work } from './works.js';

/** Of one container; servers rotate logs long before. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The progress is told after so many lines. */
const TELL_LINES = 500;

async function downloadOne(cluster: Cluster, source: LogSource, file: string, signal: AbortSignal, onLine: () => void): Promise<void> {
  const out = createWriteStream(file, { mode: OWNER_ONLY });
  const failed = once(out, 'error').then(([error]) => Promise.reject(error as Error));
  // Awaited below; without this a failure before then would be one that nobody has heard of.
  failed.catch(() => {});
  let bytes = 0;
  try {
    for await (const line of cluster.logs({ type: POD, namespace: source.namespace, name: source.pod }, { container: source.container }, signal)) {
      bytes += line.length + 1;
      if (bytes > MOST_BYTES) break;
      if (!out.write(`${line}\n`)) await Promise.race([once(out, 'drain'), failed]);
      onLine();
    }
  } finally {
    out.end();
  }
  await Promise.race([once(out, 'close'), failed]);
}

/** The folder that they are in, or why they are not all there. What has come before a stop is kept. */
export async function downloadLogs(cluster: Cluster, sources: readonly LogSource[], folder: string, work: Work): Promise<Result<string, string>> {
  let lines = 0;
  const onLine = (): void => {
    lines += 1;
    if (lines % TELL_LINES === 0) work.tell(`${countText(lines)} lines`);
  };
  try {
    await mkdir(folder, { recursive: true, mode: OWNER_FOLDER });
    for (const source of sources) {
      await downloadOne(cluster, source, path.join(folder, `${source.pod}-${source.container}.log`), work.signal, onLine);
      if (work.signal.aborted) return err(`stopped after ${countText(lines)} lines; they are in ${folder}`);
    }
  } catch (error) {
    return err(`the logs could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  return ok(`${countText(lines)} lines of ${sources.length} ${sources.length === 1 ? 'container' : 'containers'} are in ${folder}`);
}
