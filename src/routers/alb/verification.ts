// Whether an AWS load balancer does what an Ingress says. Its controller follows in its own time, or not at all when AWS limits it.

import type { KubeObject } from '../../kinds/kube-object.js';
import type { LoadBalancer, TargetGroup } from '../../kinds/load-balancer.js';
import type { AlbStatus } from '../../kinds/rollout-status.js';
import type { Rollout } from '../../kinds/rollout.js';
import { findObject, recordOf, recordsOf } from '../objects.js';
import { actionKey, weightsOf } from './annotations.js';
import { albOf, albRefs } from './settings.js';

/** The tag by which the AWS load balancer controller says what a target group is for. */
const RESOURCE_TAG = 'ingress.k8s.aws/resource';

export type AlbQuestion = {
  readonly ingress: string;
  /** Undefined while there is no load balancer for the Ingress. */
  readonly hostname: string | undefined;
  /** By the resource tags of the target groups: what the Ingress says they get. */
  readonly weights: ReadonlyMap<string, number>;
  readonly canary: string;
  readonly stable: string;
};

export type AlbAnswer = { readonly verified: boolean; readonly why: string; readonly status: AlbStatus | undefined };

export function albQuestions(rollout: Rollout, objects: readonly KubeObject[]): readonly AlbQuestion[] {
  const settings = albOf(rollout);
  return albRefs(rollout).flatMap((ref) => {
    const ingress = findObject(objects, ref);
    if (ingress === undefined) return [];
    const tag = (service: string): string => `${ref.namespace}/${ref.name}-${service}:${settings.servicePort}`;
    const said = weightsOf(ingress.metadata.annotations?.[actionKey(settings, settings.actionService)]);
    const weights = new Map([...said].map(([service, weight]) => [tag(service), weight]));
    const { canary = '', stable = '' } = settings.services;
    return [{ ingress: ref.name, hostname: hostnameOf(ingress), weights, canary: tag(canary), stable: tag(stable) }];
  });
}

function hostnameOf(ingress: KubeObject): string | undefined {
  const [first] = recordsOf(recordOf(recordOf(ingress['status'])['loadBalancer'])['ingress']);
  return typeof first?.['hostname'] === 'string' && first['hostname'] !== '' ? first['hostname'] : undefined;
}

export function judgeAlb({ ingress, weights, canary, stable }: AlbQuestion, balancer: LoadBalancer): AlbAnswer {
  const tagged = (tag: string): TargetGroup | undefined => balancer.targetGroups.find(({ tags }) => tags[RESOURCE_TAG] === tag);
  const [canaryGroup, stableGroup] = [tagged(canary), tagged(stable)];
  if (canaryGroup === undefined || stableGroup === undefined) {
    const tag = canaryGroup === undefined ? canary : stable;
    return { verified: false, why: `load balancer ${balancer.name} has no target group for ${tag}`, status: undefined };
  }
  const status: AlbStatus = {
    ingress,
    loadBalancer: resource(balancer, 'loadbalancer/'),
    canaryTargetGroup: group(canaryGroup),
    stableTargetGroup: group(stableGroup),
  };
  // Where both versions are in one forward, requests are split. A header route has the canary alone.
  const splits = balancer.forwards.filter((forward) => forward.has(canaryGroup.arn) && forward.has(stableGroup.arn));
  const wanted = [...weights].map(([tag, weight]) => ({ tag, arn: tagged(tag)?.arn ?? '', weight }));
  const wrong = splits.flatMap((forward) => wanted.filter(({ arn, weight }) => forward.get(arn) !== weight));
  const [first] = wrong;
  if (splits.length === 0) return { verified: false, why: `no rule of load balancer ${balancer.name} splits between the two versions`, status };
  if (first !== undefined) return { verified: false, why: `load balancer ${balancer.name} does not give ${first.tag} its weight ${first.weight} yet`, status };
  return { verified: true, why: `load balancer ${balancer.name} splits as Ingress ${ingress} says`, status };
}

/** The form in which CloudWatch names it. */
function resource({ name, arn }: { readonly name: string; readonly arn: string }, before: string): { name: string; arn: string; fullName: string } {
  return { name, arn, fullName: arn.slice(arn.indexOf(before) + before.length) };
}

function group({ name, arn }: TargetGroup): { name: string; arn: string; fullName: string } {
  return { name, arn, fullName: arn.slice(arn.indexOf('targetgroup/')) };
}
