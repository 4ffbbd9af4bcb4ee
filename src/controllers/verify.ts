// Asks the load balancers of AWS whether they have followed: weights of a step, and the pods behind a Service that was switched.
// The same question is asked again only after a while, however often the rollout is looked at.

import { verificationNeeds } from '../decide/rollout/verification.js';
import type { VerificationNeeds } from '../decide/rollout/verification.js';
import type { ObservedRollout } from '../decide/rollout/observed.js';
import type { Note } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { HASH_LABEL } from '../kinds/labels.js';
import type { LoadBalancer, Verification } from '../kinds/load-balancer.js';
import { isPodReady } from '../kinds/pod.js';
import type { AlbStatus } from '../kinds/rollout-status.js';
import { TARGET_GROUP_BINDING } from '../kinds/route-types.js';
import { isRecord } from '../lib/deep.js';
import type { Instant } from '../lib/instant.js';
import type { Result } from '../lib/result.js';
import { albQuestions, judgeAlb } from '../routers/alb/verification.js';
import type { CacheReader } from './reconciler.js';

/** The world outside the cluster. Failures are sentences. */
export interface LoadBalancers {
  /** Undefined: there is none with that name. */
  find(hostname: string): Promise<Result<LoadBalancer | undefined, string>>;
  /** The addresses that are registered, in good health or not yet. */
  targetsOf(targetGroupArn: string): Promise<Result<ReadonlySet<string>, string>>;
}

export const VERIFY_RETRY_MS = 10_000;
/** Rollouts whose last answer is remembered. */
const MOST_REMEMBERED = 5000;

export type Verify = (seen: ObservedRollout, routeObjects: readonly KubeObject[], cache: CacheReader, now: Instant) => Promise<Verification>;

type Remembered = { readonly question: string; readonly at: Instant; readonly answer: Verification };

export function createVerifier(balancers: LoadBalancers): Verify {
  const remembered = new Map<string, Remembered>();
  return async (seen, routeObjects, cache, now) => {
    const needs = verificationNeeds(seen);
    const uid = seen.rollout.metadata.uid ?? '';
    const addresses = needs.targets === undefined ? [] : addressesOf(seen, needs.targets.hash);
    const bindings = needs.targets === undefined ? [] : bindingsOf(seen, needs.targets, cache);
    const questions = needs.weights ? albQuestions(seen.rollout, routeObjects) : [];
    const question = JSON.stringify([questions.map(({ weights, ...rest }) => [rest, [...weights]]), needs.targets, addresses, bindings]);
    const before = remembered.get(uid);
    // Events are told once: the pass that asked has told them.
    if (before?.question === question && now < before.answer.again) return { ...before.answer, notes: [] };
    const notes: Note[] = [];
    const albs: AlbStatus[] = [];
    const weights = needs.weights ? await askWeights(balancers, questions, albs, notes) : undefined;
    const targets =
      needs.targets === undefined
        ? undefined
        : { hash: needs.targets.hash, registered: await askTargets(balancers, needs.targets, addresses, bindings, notes) };
    const answer: Verification = { weights, targets, albs, notes, again: now + VERIFY_RETRY_MS };
    remembered.delete(uid);
    remembered.set(uid, { question, at: now, answer });
    for (const oldest of remembered.keys()) {
      if (remembered.size <= MOST_REMEMBERED) break;
      remembered.delete(oldest);
    }
    return answer;
  };
}

async function askWeights(balancers: LoadBalancers, questions: ReturnType<typeof albQuestions>, albs: AlbStatus[], notes: Note[]): Promise<boolean> {
  let verified = questions.length > 0;
  for (const question of questions) {
    const { ingress, hostname } = question;
    const found = hostname === undefined ? undefined : await balancers.find(hostname);
    if (found?.ok === false) {
      notes.push({ type: 'Warning', reason: 'WeightVerifyError', message: `Failed to verify weight: ${found.error}` });
      verified = false;
    } else if (found?.value === undefined) {
      const which =
        hostname === undefined ? `Ingress \`${ingress}\` has no load balancer yet` : `there is no load balancer ${hostname} for Ingress \`${ingress}\``;
      notes.push({ type: 'Warning', reason: 'LoadBalancerNotFound', message: which });
      verified = false;
    } else {
      const answer = judgeAlb(question, found.value);
      if (answer.status !== undefined) albs.push(answer.status);
      notes.push(
        answer.verified
          ? { type: 'Normal', reason: 'TargetGroupVerified', message: answer.why }
          : { type: 'Warning', reason: 'TargetGroupUnverified', message: answer.why },
      );
      verified &&= answer.verified;
    }
  }
  return verified;
}

async function askTargets(
  balancers: LoadBalancers,
  { service }: NonNullable<VerificationNeeds['targets']>,
  addresses: readonly string[],
  bindings: readonly string[],
  notes: Note[],
): Promise<boolean> {
  let registered = true;
  for (const arn of bindings) {
    const found = await balancers.targetsOf(arn);
    if (!found.ok) {
      notes.push({ type: 'Warning', reason: 'TargetGroupVerifyError', message: `Failed to verify Service ${service} (TargetGroup ${arn}): ${found.error}` });
      registered = false;
      continue;
    }
    const missing = addresses.filter((address) => !found.value.has(address));
    registered &&= missing.length === 0;
    notes.push(
      missing.length === 0
        ? { type: 'Normal', reason: 'TargetGroupVerified', message: `Service ${service} (TargetGroup ${arn}) has all ${addresses.length} pods registered` }
        : {
            type: 'Warning',
            reason: 'TargetGroupUnverified',
            message: `Service ${service} (TargetGroup ${arn}) lacks ${missing.length} of ${addresses.length} pods`,
          },
    );
  }
  return registered;
}

/** Of the ready pods of that version, as the Service's endpoints have them. */
function addressesOf({ pods }: ObservedRollout, hash: string): readonly string[] {
  const own = pods.filter((pod) => pod.metadata.labels?.[HASH_LABEL] === hash && pod.metadata.deletionTimestamp === undefined && isPodReady(pod));
  return own
    .map((pod) => pod.status?.podIP)
    .filter((ip) => ip !== undefined)
    .toSorted();
}

/** The target groups that take the Service's pods by their addresses; by instance they follow without being told. */
function bindingsOf({ rollout }: ObservedRollout, { service }: NonNullable<VerificationNeeds['targets']>, cache: CacheReader): readonly string[] {
  return cache.list(TARGET_GROUP_BINDING, rollout.metadata.namespace).flatMap(({ spec }) => {
    if (!isRecord(spec) || !isRecord(spec['serviceRef']) || spec['serviceRef']['name'] !== service || spec['targetType'] === 'instance') return [];
    return typeof spec['targetGroupARN'] === 'string' ? [spec['targetGroupARN']] : [];
  });
}
