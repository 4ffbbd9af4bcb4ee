// `GET pods/NAME/log`: the lines of one container, whole or followed. Where they come from is the sandbox's affair.

import type { ServerResponse } from 'node:http';
import type { LogOptions } from '../../cluster/cluster.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { ObjectRef } from '../../kinds/object-ref.js';
import { isRecord } from '../../lib/deep.js';
import { parseTime, type Instant } from '../../lib/instant.js';
import type { Result } from '../../lib/result.js';
import { err, ok } from '../../lib/result.js';
import type { ApiStatus } from '../store/api.js';
import { stamped, stampOf } from '../log-stamp.js';
import { flag, wholeNumber } from './query-options.js';
import type { Reply } from './reply.js';
import { badRequest } from './status.js';

/** Lines without their line ends, until the log ends (not followed) or the signal aborts. The same form as `Cluster.logs`. */
export type ReadLogs = (pod: ObjectRef, options: LogOptions, signal: AbortSignal) => AsyncIterable<string>;

export type LogRequest = { readonly search: URLSearchParams; readonly now: Instant };

/** What of the lines is shown. */
type Cut = { readonly now: Instant; readonly since: Instant | undefined; readonly mostBytes: number; readonly timestamps: boolean };

function cutOf(search: URLSearchParams, now: Instant): Result<Cut, ApiStatus> {
  const text = (key: string): string | undefined => search.get(key) ?? undefined;
  const seconds = wholeNumber(text('sinceSeconds'));
  const bytes = wholeNumber(text('limitBytes'));
  if (seconds === 'bad' || bytes === 'bad') return err(badRequest('the parameters sinceSeconds and limitBytes are whole numbers'));
  const at = text('sinceTime');
  const sinceTime = at === undefined ? undefined : parseTime(at);
  if (at !== undefined && sinceTime === undefined) return err(badRequest(`the parameter sinceTime is not a time: "${at}"`));
  const since = seconds === undefined ? sinceTime : now - seconds * 1000;
  return ok({ now, since, mostBytes: bytes ?? Number.MAX_SAFE_INTEGER, timestamps: flag(search, 'timestamps') });
}

/** Container names of the pod and how far each one is. */
type Container = { readonly name: string; readonly waiting: string | undefined; readonly hasPrevious: boolean };

export function logReply(ref: ObjectRef, pod: KubeObject, { search, now }: LogRequest, readLogs: ReadLogs): Result<Reply, ApiStatus> {
  const cut = cutOf(search, now);
  if (!cut.ok) return cut;
  const options = logOptions(ref, containersOf(pod), search);
  if (!options.ok) return options;
  return ok({
    type: 'stream',
    start: (response) => {
      const abort = new AbortController();
      response.on('close', () => abort.abort());
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' });
      response.flushHeaders();
      void pump(response, readLogs(ref, options.value, abort.signal), cut.value);
    },
  });
}

/** Waits for the reader before it asks for the next line. A source that fails ends the answer as a broken connection would. */
async function pump(response: ServerResponse, lines: AsyncIterable<string>, cut: Cut): Promise<void> {
  try {
    let left = cut.mostBytes;
    for await (const line of lines) {
      if (response.destroyed) return;
      if (cut.since !== undefined && (parseTime(stampOf(line)) ?? Infinity) < cut.since) continue;
      const bytes = Buffer.from(`${cut.timestamps ? stamped(line, cut.now) : line}\n`).subarray(0, left);
      left -= bytes.length;
      if (!response.write(bytes)) await drained(response);
      if (left <= 0) break;
    }
    response.end();
  } catch {
    response.destroy();
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

function logOptions(ref: ObjectRef, containers: readonly Container[], search: URLSearchParams): Result<LogOptions, ApiStatus> {
  const asked = search.get('container') ?? '';
  const container = asked === '' && containers.length === 1 ? containers[0] : containers.find(({ name }) => name === asked);
  if (container === undefined) {
    if (asked !== '') return err(badRequest(`container ${asked} is not valid for pod ${ref.name}`));
    return err(badRequest(`a container name must be specified for pod ${ref.name}, choose one of: [${containers.map(({ name }) => name).join(' ')}]`));
  }
  for (const parameter of ['stream']) {
    if ((search.get(parameter) ?? '') !== '')
      return err(badRequest(`the log of pod ${ref.name} is kept as bare lines: the parameter ${parameter} is not served`));
  }
  const previous = flag(search, 'previous');
  if (previous && !container.hasPrevious) return err(badRequest(`previous terminated container "${container.name}" in pod "${ref.name}" not found`));
  if (container.waiting !== undefined) return err(badRequest(`container "${container.name}" in pod "${ref.name}" is waiting to start: ${container.waiting}`));
  const tailLines = wholeNumber(search.get('tailLines') ?? undefined);
  if (tailLines === 'bad') return err(badRequest(`the parameter tailLines is not a whole number: "${search.get('tailLines') ?? ''}"`));
  return ok({
    container: container.name,
    follow: flag(search, 'follow'),
    ...(previous ? { previous } : {}),
    ...(tailLines === undefined ? {} : { tailLines }),
  });
}

function containersOf(pod: KubeObject): readonly Container[] {
  const spec = isRecord(pod['spec']) ? pod['spec'] : {};
  const status = isRecord(pod['status']) ? pod['status'] : {};
  const statuses = records(status['containerStatuses']).concat(records(status['initContainerStatuses']));
  return records(spec['containers'])
    .concat(records(spec['initContainers']))
    .map((container) => {
      const found = statuses.find((each) => each['name'] === container['name']) ?? {};
      const state = isRecord(found['state']) ? found['state'] : {};
      const reason = isRecord(state['waiting']) ? (state['waiting']['reason'] ?? 'ContainerCreating') : undefined;
      const waiting = typeof reason === 'string' ? reason : undefined;
      const hasPrevious = isRecord(found['lastState']) && found['lastState']['terminated'] !== undefined;
      // A container that crashed and waits for its next start still has the log of its last run.
      const restarted = typeof found['restartCount'] === 'number' && found['restartCount'] > 0;
      return { name: String(container['name']), waiting: restarted ? undefined : waiting, hasPrevious };
    });
}

function records(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
