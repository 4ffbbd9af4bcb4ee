// What the screen that is open needs beyond the usual watches: read only while it is open. The app compares the list with
// what it already reads, and starts and stops the rest.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { Instant } from '../lib/instant.js';

/** A container whose log is meant. */
export type LogSource = { readonly cluster: string; readonly namespace: string; readonly pod: string; readonly container: string };

export type Need =
  | { readonly type: 'objects'; readonly cluster: string; readonly resource: ResourceType; readonly namespace: string }
  | ({ readonly type: 'log' } & LogSource)
  /** Say that this rollout is open here, and who else has it open. */
  | { readonly type: 'presence'; readonly cluster: string; readonly namespace: string; readonly name: string; readonly uid: string }
  /** What was asked of it from this machine. */
  | { readonly type: 'audit'; readonly cluster: string; readonly namespace: string; readonly name: string };

export function needKey(need: Need): string {
  switch (need.type) {
    case 'objects':
      return `${need.cluster} ${need.resource.plural}.${need.resource.group} ${need.namespace}`;
    case 'log':
      return `${need.cluster} log ${need.namespace}/${need.pod}/${need.container}`;
    case 'audit':
      return `${need.cluster} audit ${need.namespace}/${need.name}`;
    case 'presence':
      return `${need.cluster} presence ${need.uid}`;
  }
}

/** What came of a need for objects; `problem` says why there are none. */
export type Extra = {
  readonly cluster: string;
  readonly resource: ResourceType;
  readonly namespace: string;
  readonly objects: readonly KubeObject[];
  readonly problem: string | undefined;
};

/** `at`: when it was written, where the server tells. */
export type LogText = { readonly text: string; readonly at?: Instant };

export type LogLine = LogText & { readonly sequence: number; readonly pod: string; readonly container: string };

export type Log = { readonly lines: readonly LogLine[]; readonly next: number };

export const EMPTY_LOG: Log = { lines: [], next: 0 };

/** The oldest lines go first. */
export const MOST_LOG_LINES = 2000;

type Container = Pick<LogSource, 'pod' | 'container'>;

const numbered = ({ next }: Log, { pod, container }: Container, lines: readonly LogText[]): readonly LogLine[] =>
  lines.map((line, place) => ({ ...line, sequence: next + place, pod, container }));

/** Lines as they come. */
export function appendLog(log: Log, container: Container, lines: readonly LogText[]): Log {
  return { lines: [...log.lines, ...numbered(log, container, lines)].slice(-MOST_LOG_LINES), next: log.next + lines.length };
}

/**
 * What a container had written before its log was opened, among that of the others by time: one after the other, the lines of canary
 * and stable pods could not be compared. What tells no time stays where it is.
 */
export function mergeLog(log: Log, container: Container, lines: readonly LogText[]): Log {
  const merged: LogLine[] = [];
  let place = 0;
  for (const line of numbered(log, container, lines)) {
    for (let known = log.lines[place]; known !== undefined && (known.at ?? 0) <= (line.at ?? Infinity); known = log.lines[place]) {
      merged.push(known);
      place += 1;
    }
    merged.push(line);
  }
  return { lines: [...merged, ...log.lines.slice(place)].slice(-MOST_LOG_LINES), next: log.next + lines.length };
}
