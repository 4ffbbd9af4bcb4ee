// What is posted to a pod: its binding to a node, and its eviction, which disruption budgets may hold up.

import type { KubeObject } from '../../kinds/kube-object.js';
import { isRecord } from '../../lib/deep.js';
import { formatTime, type Instant } from '../../lib/instant.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { ApiStatus } from './api.js';
import { listAt, recordAt, textAt, type Draft, type Kind, type ServedVersion } from './kind.js';
import { formatLabelSelector, parseLabelSelector } from '../../kinds/label-selector-text.js';
import type { Objects, Place } from './objects.js';
import { checkDeletePreconditions, readDeleteBody, type Removal } from './remove.js';
import { badRequest, failure, noSuchResource } from './status.js';

const RETRY_AFTER_SECONDS = 10;

const EVICTION_REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";

const SUCCESS: KubeObject = Object.freeze({ kind: 'Status', apiVersion: 'v1', metadata: {} as KubeObject['metadata'], status: 'Success', code: 201 });

export type PodPost = {
  readonly objects: Objects;
  readonly budgetKind: Kind;
  readonly removal: Removal;
  readonly now: Instant;
  readonly isDryRun: boolean;
};

/** Binds or evicts it; 404 for what else may be posted to pods. */
export function postToPod(
  parts: PodPost,
  found: { readonly version: ServedVersion; readonly object: KubeObject; readonly place: Place },
  subresource: string,
  body: unknown,
): Result<KubeObject, ApiStatus> {
  const { objects, budgetKind, now, isDryRun } = parts;
  const { object, place } = found;
  if (subresource === 'binding') {
    const bound = bindPod(object, body, now);
    if (bound.ok && !isDryRun) objects.write(place.kind, bound.value, object);
    return bound.ok ? ok(SUCCESS) : bound;
  }
  if (subresource !== 'eviction') return err(noSuchResource());
  const options = evictionOptions(body, place.name);
  const wanted = options.ok ? readDeleteBody(options.value) : options;
  if (!wanted.ok) return wanted;
  const allowed = checkDeletePreconditions(found.version, object, wanted.value);
  const disruption = allowed.ok ? disrupt(objects, budgetKind, object, now) : allowed;
  if (!disruption.ok) return disruption;
  if (isDryRun || wanted.value.isDryRun) return ok(SUCCESS);
  if (disruption.value !== undefined) objects.write(budgetKind, disruption.value.after, disruption.value.budget);
  parts.removal.remove(place, object, wanted.value);
  return ok(SUCCESS);
}

/** The pod with its node; 409 when it has one already. */
function bindPod(pod: KubeObject, body: unknown, now: Instant): Result<Draft, ApiStatus> {
  if (!isRecord(body) || textAt(body['metadata'], 'name') !== pod.metadata.name) return err(badRequest('name in URL does not match name in Binding object'));
  const target = recordAt(body, 'target');
  const nodeName = textAt(target, 'name');
  const kind = textAt(target, 'kind');
  const { name } = pod.metadata;
  if (kind !== '' && kind !== 'Node') return err(failure(500, '', `target.kind: Unsupported value: "${kind}": supported values: "Node", "<empty>"`));
  // So the real server, which takes both for faults of its own.
  if (nodeName === '') return err(failure(500, '', 'target.name: Required value'));
  const bound = textAt(pod['spec'], 'nodeName');
  const conflict = (why: string): ApiStatus =>
    failure(409, 'Conflict', `Operation cannot be fulfilled on pods/binding "${name}": ${why}`, { name, kind: 'pods/binding' });
  if (pod.metadata.deletionTimestamp !== undefined) return err(conflict(`pod ${name} is being deleted, cannot be assigned to a host`));
  if (bound !== '') return err(conflict(`pod ${name} is already assigned to node "${bound}"`));
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: formatTime(now) };
  const conditions = [...listAt(pod['status'], 'conditions').filter((condition) => textAt(condition, 'type') !== 'PodScheduled'), scheduled];
  return ok({ ...pod, metadata: { ...pod.metadata }, spec: { ...recordAt(pod, 'spec'), nodeName }, status: { ...recordAt(pod, 'status'), conditions } });
}

const isReady = (pod: KubeObject): boolean =>
  listAt(pod['status'], 'conditions').some((condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True');

function selects(budget: KubeObject, pod: KubeObject): boolean {
  const { selector } = recordAt(budget, 'spec');
  if (!isRecord(selector)) return false;
  const test = parseLabelSelector(formatLabelSelector(selector));
  return test.ok && (test.value?.(pod.metadata.labels ?? {}) ?? true);
}

const tooMany = (budget: KubeObject, cause: string, retryAfterSeconds?: number): ApiStatus =>
  failure(429, 'TooManyRequests', EVICTION_REFUSED, {
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    causes: [{ reason: 'DisruptionBudget', message: cause.replace('{}', budget.metadata.name) }],
  });

const wholeAt = (holder: unknown, key: string): number => {
  const value = recordAt({ holder }, 'holder')[key];
  return typeof value === 'number' ? value : 0;
};

/** The budget that the eviction of a pod takes from, already one disruption poorer; undefined when no budget minds. 429 when none is left. */
function disrupt(
  objects: Objects,
  budgetKind: Kind,
  pod: KubeObject,
  now: Instant,
): Result<{ readonly budget: KubeObject; readonly after: Draft } | undefined, ApiStatus> {
  const budgets = objects
    .table(budgetKind)
    .list(pod.metadata.namespace ?? '')
    .filter((budget) => selects(budget, pod));
  const [budget] = budgets;
  const phase = textAt(pod['status'], 'phase');
  if (budget === undefined || ['Succeeded', 'Failed', 'Pending'].includes(phase) || pod.metadata.deletionTimestamp !== undefined) return ok(undefined);
  if (budgets.length > 1)
    return err(failure(500, 'InternalError', 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.'));
  const status = recordAt(budget, 'status');
  if (wholeAt(status, 'observedGeneration') < (budget.metadata.generation ?? 0)) {
    return err(tooMany(budget, 'The disruption budget {} is still being processed by the server.', RETRY_AFTER_SECONDS));
  }
  const [healthy, needed] = [wholeAt(status, 'currentHealthy'), wholeAt(status, 'desiredHealthy')];
  // A pod that is not ready is no loss, as long as the budget is kept, or when it is said to be none.
  const always = textAt(budget['spec'], 'unhealthyPodEvictionPolicy') === 'AlwaysAllow';
  if (!isReady(pod) && (always || (healthy >= needed && needed > 0))) return ok(undefined);
  const allowed = wholeAt(status, 'disruptionsAllowed');
  if (allowed <= 0) return err(tooMany(budget, `The disruption budget {} needs ${needed} healthy pods and has ${healthy} currently`));
  const disruptedPods = { ...recordAt(status, 'disruptedPods'), [pod.metadata.name]: formatTime(now) };
  return ok({ budget, after: { ...budget, metadata: { ...budget.metadata }, status: { ...status, disruptionsAllowed: allowed - 1, disruptedPods } } });
}

/** The `DeleteOptions` of an eviction. */
function evictionOptions(body: unknown, name: string): Result<unknown, ApiStatus> {
  if (!isRecord(body)) return err(badRequest('the body is not an Eviction'));
  const named = textAt(body['metadata'], 'name');
  if (named !== '' && named !== name) return err(badRequest('name in URL does not match name in Eviction object'));
  return ok(isRecord(body['deleteOptions']) ? body['deleteOptions'] : undefined);
}
