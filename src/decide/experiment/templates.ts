// One template of an experiment: its ReplicaSet, the Service before it, and how far it is.

import type { ExperimentTemplate } from '../../kinds/experiment.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { HASH_LABEL } from '../../kinds/labels.js';
import { podTemplateHash } from '../../kinds/pod-template-hash.js';
import type { PodTemplateSpec } from '../../kinds/pod-template.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import { REPLICA_SET, SERVICE } from '../../kinds/resource-type.js';
import type { Service } from '../../kinds/service.js';
import { formatTime, parseTime } from '../../lib/instant.js';
import type { Instant } from '../../lib/instant.js';
import { addDeadline, removeDeadline, setRef } from '../rollout/scale.js';
import { availableOf, createdOf, deadlineOf, hasDeadline, hashOf, sizeOf } from '../rollout/sets.js';
import { writtenTemplate } from '../rollout/written-template.js';
import { endOf, isTerminating } from './ending.js';
import { isControlledBy, isEnded, ownerReference } from './observed.js';
import type { ExperimentAction, ObservedExperiment, TemplateStatus } from './observed.js';

const NAME = 'experiment.argoproj.io/name';
const TEMPLATE_NAME = 'experiment.argoproj.io/template-name';
const DEFAULT_DELAY_SECONDS = 30;
export const DEFAULT_DEADLINE_SECONDS = 600;

export type TemplatePass = { readonly status: TemplateStatus; readonly actions: readonly ExperimentAction[]; readonly wakeAt: Instant | undefined };

type Work = { readonly seen: ObservedExperiment; readonly template: ExperimentTemplate; readonly before: TemplateStatus | undefined; readonly now: Instant };

export function reconcileTemplate(seen: ObservedExperiment, template: ExperimentTemplate, now: Instant): TemplatePass {
  const { experiment } = seen;
  const before = experiment.status?.templateStatuses?.find((status) => status.name === template.name);
  const work: Work = { seen, template, before, now };
  const over = isTerminating(experiment) || isEnded(before?.status) || (endOf(experiment) ?? Number.POSITIVE_INFINITY) <= now;
  const desired = over ? 0 : (template.replicas ?? 1);
  const name = `${experiment.metadata.name}-${template.name}`;
  const set = seen.replicaSets.find((each) => each.metadata.name === name);
  if (set !== undefined && !isControlledBy(set, experiment)) return fault(work, `ReplicaSet ${name} exists already and belongs to something else`);
  if (set === undefined) {
    const object = newSet(work, name);
    const ref = { type: REPLICA_SET, namespace: object.metadata.namespace ?? '', name };
    return conclude(
      work,
      { set, over, desired, service: undefined },
      over ? [] : [{ type: 'create', ref, object, why: `bring out template ${template.name}` }],
    );
  }
  const service = reconcileService(work, set, desired);
  if (service.problem !== undefined) return fault(work, service.problem);
  const scaled = scale(work, set, desired, service.name);
  const passed = conclude(work, { set, over, desired, service: service.name }, [...service.actions, ...scaled.actions]);
  return { ...passed, wakeAt: earlier(passed.wakeAt, scaled.wakeAt) };
}

export function earlier(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

function newSet({ seen: { experiment }, template }: Work, name: string): KubeObject {
  const bare = withoutHash(template.template);
  const hash = podTemplateHash(bare);
  const labels = { ...bare.metadata?.labels, [HASH_LABEL]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: experiment.metadata.namespace ?? '',
      labels,
      annotations: { [NAME]: experiment.metadata.name, [TEMPLATE_NAME]: template.name },
      ownerReferences: [ownerReference(experiment)],
    },
    spec: {
      replicas: 0,
      ...(template.minReadySeconds === undefined ? {} : { minReadySeconds: template.minReadySeconds }),
      selector: { ...template.selector, matchLabels: { ...template.selector.matchLabels, [HASH_LABEL]: hash } },
      template: writtenTemplate({ ...bare, metadata: { ...bare.metadata, labels } }),
    },
  };
}

type Served = { readonly actions: readonly ExperimentAction[]; readonly name: string | undefined; readonly problem?: string };

/** A Service lives as long as there are pods behind it. */
function reconcileService({ seen, template }: Work, set: ReplicaSet, desired: number): Served {
  const { experiment, services } = seen;
  if (template.service === undefined) return { actions: [], name: undefined };
  const given = template.service.name ?? '';
  const name = given === '' ? set.metadata.name : given;
  const ref = { type: SERVICE, namespace: experiment.metadata.namespace ?? '', name };
  const present = services.find((service) => service.metadata.name === name);
  if (present !== undefined && !isControlledBy(present, experiment)) {
    return { actions: [], name: undefined, problem: `Service ${name} exists already and belongs to something else` };
  }
  if (present === undefined) {
    const object = desired > 0 ? newService(seen, template, set, name) : undefined;
    if (object === undefined) return { actions: [], name: undefined };
    return { actions: [{ type: 'create', ref, object, why: `requests can reach template ${template.name}` }], name };
  }
  if (desired > 0 || availableOf(set) > 0 || seen.routedServices.includes(name)) return { actions: [], name };
  const uid = present.metadata.uid === undefined ? {} : { uid: present.metadata.uid };
  return { actions: [{ type: 'delete', ref, ...uid, why: `template ${template.name} has no pods any more` }], name: undefined };
}

function newService({ experiment }: ObservedExperiment, template: ExperimentTemplate, set: ReplicaSet, name: string): KubeObject | undefined {
  const ports = (set.spec.template?.spec?.containers ?? [])
    .flatMap((container) => container.ports ?? [])
    .map((port): NonNullable<Service['spec']['ports']>[number] => ({
      ...(port.name === undefined ? {} : { name: port.name }),
      ...(port.protocol === undefined ? {} : { protocol: port.protocol }),
      port: port.containerPort,
      targetPort: port.containerPort,
    }));
  if (ports.length === 0) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: experiment.metadata.namespace ?? '',
      annotations: { [NAME]: experiment.metadata.name, [TEMPLATE_NAME]: template.name },
      ownerReferences: [ownerReference(experiment)],
    },
    spec: { selector: set.metadata.labels ?? {}, ports },
  };
}

type Resized = { readonly actions: readonly ExperimentAction[]; readonly wakeAt: Instant | undefined };

function scale({ seen, now }: Work, set: ReplicaSet, desired: number, service: string | undefined): Resized {
  const present = sizeOf(set);
  // Tried again: what was to go stays, and its next end has the whole delay again.
  const freed = desired > 0 ? removeDeadline(set).actions.filter((action) => action.type === 'patch') : [];
  if (present === desired) return { actions: freed, wakeAt: undefined };
  if (desired === 0 && service !== undefined && seen.routedServices.includes(service)) return { actions: [], wakeAt: undefined };
  const delaySeconds = seen.experiment.spec.scaleDownDelaySeconds ?? DEFAULT_DELAY_SECONDS;
  if (desired === 0 && delaySeconds > 0) {
    const marked = hasDeadline(set) ? { set, actions: [] } : addDeadline(set, now + delaySeconds * 1000);
    const deadline = deadlineOf(marked.set);
    const patches = marked.actions.flatMap((action) => (action.type === 'patch' ? [action] : []));
    if (deadline !== undefined && deadline > now) return { actions: patches, wakeAt: deadline };
  }
  const direction = desired > present ? 'up' : 'down';
  const message = `Scaled ${direction} ReplicaSet ${set.metadata.name} from ${present} to ${desired}`;
  return {
    actions: [
      ...freed,
      { type: 'patch', ref: setRef(set), patchType: 'merge', body: { spec: { replicas: desired } }, why: `the template is to have ${desired} pods` },
      { type: 'note', about: 'experiment', note: { type: 'Normal', reason: 'ScalingReplicaSet', message } },
    ],
    wakeAt: undefined,
  };
}

type Facts = { readonly set: ReplicaSet | undefined; readonly over: boolean; readonly desired: number; readonly service: string | undefined };

function conclude(work: Work, facts: Facts, actions: readonly ExperimentAction[]): TemplatePass {
  const {
    template,
    before,
    now,
    seen: { experiment },
  } = work;
  const { set, over, desired, service } = facts;
  const counts = {
    replicas: createdOf(set),
    updatedReplicas: createdOf(set),
    readyReplicas: set?.status?.readyReplicas ?? 0,
    availableReplicas: availableOf(set),
  };
  const moved = before === undefined || (Object.keys(counts) as (keyof typeof counts)[]).some((name) => before[name] !== counts[name]);
  const deadlineMs = (experiment.spec.progressDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS) * 1000;
  const since = moved ? now : (parseTime(before?.lastTransitionTime) ?? now);
  const running = set !== undefined && sizeOf(set) === desired && counts.availableReplicas === desired;
  const late = !over && !running && since + deadlineMs <= now;
  const lateWords = `Template '${template.name}' exceeded its progressDeadlineSeconds (${deadlineMs / 1000})`;
  const ongoing: { readonly status: string; readonly message?: string } = late
    ? { status: 'Failed', message: lateWords }
    : { status: running ? 'Running' : 'Progressing' };
  const present = over ? { status: 'Successful' } : ongoing;
  const phase: { readonly status: string; readonly message?: string | undefined } = isEnded(before?.status)
    ? { status: before?.status ?? '', message: before?.message }
    : present;
  const fresh = moved || phase.status !== before?.status;
  const status: TemplateStatus = {
    name: template.name,
    ...counts,
    ...(before?.collisionCount === undefined ? {} : { collisionCount: before.collisionCount }),
    status: phase.status,
    ...(phase.message === undefined ? {} : { message: phase.message }),
    lastTransitionTime: fresh ? formatTime(now) : (before?.lastTransitionTime ?? formatTime(now)),
    ...(service === undefined ? {} : { serviceName: service, podTemplateHash: hashOf(set) }),
  };
  return { status, actions: [...actions, ...transition(before, status)], wakeAt: phase.status === 'Progressing' ? since + deadlineMs : undefined };
}

function fault(work: Work, message: string): TemplatePass {
  const { before, template, now } = work;
  const counts = { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 };
  if (isEnded(before?.status) && before !== undefined) return { status: before, actions: [], wakeAt: undefined };
  const status: TemplateStatus = { ...counts, name: template.name, status: 'Error', message, lastTransitionTime: formatTime(now) };
  return { status, actions: transition(before, status), wakeAt: undefined };
}

function transition(before: TemplateStatus | undefined, after: TemplateStatus): readonly ExperimentAction[] {
  const { status = '' } = after;
  if ((before?.status ?? '') === status) return [];
  const message = `Template '${after.name}' transitioned from ${before?.status ?? ''} -> ${status}${after.message === undefined ? '' : `: ${after.message}`}`;
  return [
    {
      type: 'note',
      about: 'experiment',
      note: { type: status === 'Failed' || status === 'Error' ? 'Warning' : 'Normal', reason: `Template${status}`, message },
    },
  ];
}
