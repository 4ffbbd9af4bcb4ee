// What the screen that is open needs beyond the usual watches: read only while it is open. The app compares the list with
// what it already reads, and starts and stops the rest.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ResourceType } from '../kinds/resource-type.js';

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

export type LogLine = { readonly sequence: number; readonly pod: string; readonly container: string; readonly text: string };

export type Log = { readonly lines: readonly LogLine[]; readonly next: number };

export const EMPTY_LOG: Log = { lines: [], next: 0 };

/** The oldest lines go first. */
export const MOST_LOG_LINES = 2000;

export function appendLog(log: Log, source: { readonly pod: string; readonly container: string }, texts: readonly string[]): Log {
  const added = texts.map((text, place): LogLine => ({ sequence: log.next + place, pod: source.pod, container: source.container, text }));
  return { lines: [...log.lines, ...added].slice(-MOST_LOG_LINES), next: log.next + texts.length };
}
