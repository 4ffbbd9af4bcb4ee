// What an app of the pretend world answers over HTTP: which of its pods takes the request, the code and the JSON body.
// Every path is routed as the routing objects say, by the request's headers too; "/version/V" and "/version/V/status" ask one version, where V is a
// pod-template hash, a subset or an image tag. "?fail=true" answers 500 and counts as a failed request.

import type { KubeObject } from '../kinds/kube-object.js';
import { HASH_LABEL } from '../kinds/labels.js';
import { podOf } from '../kinds/pod.js';
import { fnv1a32 } from '../lib/fnv.js';
import type { Rng } from '../lib/rng.js';
import { behaviourOf } from './behaviour.js';
import type { BehaviourTable } from './behaviour.js';
import { normal } from './chance.js';
import { MEDIAN_MS } from './latency.js';
import type { Headers } from './route-fields.js';
import { podsOfService, routeHost } from './routing.js';
import type { Host, Target } from './routing.js';
import { answerCode, chooseBackend, workloadOf } from './traffic.js';
import type { RealRequest } from './traffic.js';
import { tagOf } from './world.js';
import type { World } from './world.js';

export type AppRequest = { readonly host: Host; readonly path: string; readonly fail: boolean; readonly headers?: Headers };

export type AppAnswer = {
  readonly code: number;
  readonly body: Readonly<Record<string, string>>;
  /** How long the app takes. */
  readonly delayMs: number;
  readonly real: RealRequest;
};

const COLORS: readonly string[] = ['red', 'blue', 'green', 'yellow', 'purple', 'orange'];
const HASH_LABELS: readonly string[] = [HASH_LABEL, 'pod-template-hash'];
const LONGEST_DELAY_MS = 30_000;

export function answerApp(world: World, request: AppRequest, behaviours: BehaviourTable, rng: Rng): AppAnswer {
  const version = /^\/version\/([^/]+)/.exec(request.path)?.[1];
  const { target, pod } = version === undefined ? chooseBackend(world, request.host, rng, request.headers) : chooseVersion(world, request.host, version, rng);
  if (pod === undefined) {
    const reason = version === undefined ? 'no healthy upstream' : `no ready pod of version ${version}`;
    return { code: 503, body: { error: reason, service: target.service.name }, delayMs: 0, real: { target, pod, code: 503 } };
  }
  const behaviour = behaviourOf(podOf(pod), behaviours);
  const code = request.fail ? 500 : answerCode(behaviour, rng);
  const tag = versionOf(pod);
  const body = {
    app: workloadOf(world, pod),
    version: tag,
    pod: pod.metadata.name,
    color: COLORS[fnv1a32(new TextEncoder().encode(tag)) % COLORS.length] ?? 'red',
    status: 'ok',
    ...behaviour.answer,
    ...(code >= 500 ? { status: 'error', error: request.fail ? 'failed because the request asked for it' : 'internal error' } : {}),
  };
  const delayMs = Math.min(LONGEST_DELAY_MS, MEDIAN_MS * (behaviour.slowFactor ?? 1) * Math.exp(0.4 * normal(rng)));
  return { code, body, delayMs, real: { target, pod, code } };
}

const versionOf = (pod: KubeObject): string => tagOf(podOf(pod).spec.containers[0]?.image ?? '');

/** The version's own pods, among those that the host's routes or its Service can reach, whatever their weight is now. */
function chooseVersion(world: World, host: Host, version: string, rng: Rng): { readonly target: Target; readonly pod: KubeObject | undefined } {
  const { targets } = routeHost(world, host);
  const subset = targets.find((target) => target.subset === version);
  if (subset !== undefined) return { target: subset, pod: subset.pods[rng.int(Math.max(1, subset.pods.length))] };
  const own: Target = { weight: 1, service: host, subset: undefined, pods: podsOfService(world, host) };
  for (const target of [own, ...targets]) {
    const pods = target.pods.filter((pod) => HASH_LABELS.some((label) => pod.metadata.labels?.[label] === version) || versionOf(pod) === version);
    if (pods.length > 0) return { target: { ...target, pods }, pod: pods[rng.int(pods.length)] };
  }
  return { target: own, pod: undefined };
}
