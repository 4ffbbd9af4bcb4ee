// What a demo is made of: manifests with the facts of its seed document, images that behave in known ways, a pace.

import type { KubeObject } from '../../kinds/kube-object.js';
import type { BehaviourTable } from '../../sandbox/behaviour.js';
import { formatGoDuration } from '../../lib/go-duration.js';

/** Where the sandbox's metric sources and apps listen, as URLs without a slash at the end. */
export type Addresses = {
  readonly prometheus: string;
  readonly skywalking: string;
  /** The app behind a host, as its users reach it. */
  app(namespace: string, host: string): string;
};

export type Opening =
  /** Nothing is released. */
  | { readonly type: 'rest' }
  /** That image is released at once; `promotions` pauses are ended early, so that the release is further on when it is first seen. */
  | { readonly type: 'release'; readonly image: string; readonly promotions: number };

export type Scenario = {
  readonly name: string;
  readonly namespace: string;
  readonly rollout: string;
  readonly container: string;
  readonly images: { readonly stable: string; readonly good: string; readonly bad: string };
  /** Durations and query windows of the seed are divided by this, unless the user asks for another. */
  readonly pace: number;
  readonly opening: Opening;
  /** How each image behaves in the sandbox, where it is not simply healthy. */
  readonly behaviours: BehaviourTable;
  /** What users call: each answers HTTP on loopback. */
  readonly hosts: readonly { readonly namespace: string; readonly name: string }[];
  /** One line for the list of demos. */
  readonly summary: string;
  manifests(times: Times, addresses: Addresses): readonly KubeObject[];
};

const SHORTEST_PAUSE_S = 10;

/** Seed durations at a demo's pace. */
export type Times = {
  /** A pause: never under ten seconds, or nobody could see it. */
  pause(seconds: number): { readonly duration: string };
  /** An interval or query window, at least `leastS`. */
  span(seconds: number, leastS: number): string;
};

export function timesAt(pace: number): Times {
  const scaled = (seconds: number, leastS: number): string => formatGoDuration(Math.round(Math.max(Math.min(seconds, leastS), seconds / pace)) * 1000);
  return {
    pause: (seconds) => ({ duration: scaled(seconds, SHORTEST_PAUSE_S) }),
    span: scaled,
  };
}
