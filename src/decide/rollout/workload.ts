// A rollout may refer to a workload instead of having its own pod template: where the template then comes from,
// and what becomes of the pods that the workload still runs itself.

import { WORKLOAD_GENERATION } from '../../kinds/labels.js';
import { deploymentOf, podTemplateOf, replicaSetOf } from '../../kinds/replica-set.js';
import type { Change } from '../../kinds/change.js';
import type { ObjectRef } from '../../kinds/object-ref.js';
import type { Rollout } from '../../kinds/rollout.js';
import { DEPLOYMENT, POD_TEMPLATE, REPLICA_SET, ROLLOUT } from '../../kinds/resource-type.js';
import type { ResourceType } from '../../kinds/resource-type.js';
import { err, ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';
import type { ObservedWorkload } from './observed.js';
import type { Pass } from './pass.js';
import { availableOf, revisionOf, sizeOf } from './sets.js';

const DEPLOYMENT_KIND = 'apps/Deployment';
const POD_TEMPLATE_KIND = '/PodTemplate';

const TYPES: Readonly<Record<string, ResourceType>> = {
  [DEPLOYMENT_KIND]: DEPLOYMENT,
  'apps/ReplicaSet': REPLICA_SET,
  [POD_TEMPLATE_KIND]: POD_TEMPLATE,
};

/** "apps/Deployment": what a reference points to, without the version. */
function workloadKind(rollout: Rollout): string {
  const { apiVersion = '', kind = '' } = rollout.spec.workloadRef ?? {};
  const cut = apiVersion.indexOf('/');
  return cut < 0 ? `/${kind}` : `${apiVersion.slice(0, cut)}/${kind}`;
}

/** Undefined when the rollout refers to nothing, or to a kind that it can not refer to. */
export function workloadRefOf(rollout: Rollout): ObjectRef | undefined {
  const type = rollout.spec.workloadRef === undefined ? undefined : TYPES[workloadKind(rollout)];
  return type === undefined ? undefined : { type, namespace: rollout.metadata.namespace ?? '', name: rollout.spec.workloadRef?.name ?? '' };
}

/** The rollout with template and selector filled in; the reason when they can not be had. */
export function resolveWorkload(rollout: Rollout, workload: ObservedWorkload | undefined): Result<Rollout, string> {
  if (rollout.spec.workloadRef === undefined) return ok(rollout);
  const meta = rollout.spec.template?.metadata;
  if (Object.keys(meta?.labels ?? {}).length > 0 || Object.keys(meta?.annotations ?? {}).length > 0)
    return err('template must be empty for workload reference rollout');
  const kind = workloadKind(rollout);
  if (workloadRefOf(rollout) === undefined) return err(`workload of type ${kind} is not supported`);
  if (workload === undefined || workload.type === 'missing') return err(workload?.reason ?? `${rollout.spec.workloadRef.name ?? ''} has not been read yet`);
  const { object } = workload;
  if (kind === POD_TEMPLATE_KIND) return ok({ ...rollout, spec: { ...rollout.spec, template: podTemplateOf(object).template ?? {} } });
  const { template, selector } = (kind === DEPLOYMENT_KIND ? deploymentOf(object) : replicaSetOf(object)).spec;
  return ok({ ...rollout, spec: { ...rollout.spec, template: template ?? {}, selector: rollout.spec.selector ?? selector } });
}

/** The generation of the workload that the rollout follows, to be written on the rollout when it is another one than before. */
export function followWorkload(rollout: Rollout, workload: ObservedWorkload | undefined): { readonly rollout: Rollout; readonly actions: readonly Change[] } {
  const generation = workload?.type === 'found' ? String(workload.object.metadata.generation ?? 0) : undefined;
  if (rollout.spec.workloadRef === undefined || generation === undefined || rollout.metadata.annotations?.[WORKLOAD_GENERATION] === generation)
    return { rollout, actions: [] };
  const annotations = { ...rollout.metadata.annotations, [WORKLOAD_GENERATION]: generation };
  const change: Change = {
    type: 'patch',
    ref: { type: ROLLOUT, namespace: rollout.metadata.namespace ?? '', name: rollout.metadata.name },
    patchType: 'merge',
    body: { metadata: { annotations: { [WORKLOAD_GENERATION]: generation } } },
    why: `${rollout.spec.workloadRef.kind ?? 'its workload'} ${rollout.spec.workloadRef.name ?? ''} has changed`,
  };
  return { rollout: { ...rollout, metadata: { ...rollout.metadata, annotations } }, actions: [change] };
}

function deploymentSize(pass: Pass): number | undefined {
  const { workload } = pass.seen;
  if (workload?.type !== 'found' || workloadKind(pass.rollout) !== DEPLOYMENT_KIND) return undefined;
  return deploymentOf(workload.object).spec.replicas ?? 1;
}

function resize(pass: Pass, size: number, why: string): readonly Change[] {
  const present = deploymentSize(pass);
  // Never up: what somebody has scaled down stays down.
  if (present === undefined || size >= present) return [];
  return [
    {
      type: 'patch',
      ref: { type: DEPLOYMENT, namespace: pass.rollout.metadata.namespace ?? '', name: pass.rollout.spec.workloadRef?.name ?? '' },
      patchType: 'merge',
      body: { spec: { replicas: size } },
      why,
    },
  ];
}

/** While the first revision takes over, the Deployment gives up one pod for each of ours that is ready. */
export function shrinkWorkload(pass: Pass): readonly Change[] {
  const { newest } = pass.sets;
  if (pass.rollout.spec.workloadRef?.scaleDown !== 'progressively' || revisionOf(newest) !== 1) return [];
  if (pass.status.phase === 'Healthy') return resize(pass, 0, 'the rollout has taken over');
  const ready = pass.status.readyReplicas ?? 0;
  return ready > 0 ? resize(pass, Math.max(0, pass.replicas - ready), 'the rollout takes over pod by pod') : [];
}

/** The first revision is whole: the Deployment's own pods are no longer needed. */
export function retireWorkload(pass: Pass): readonly Change[] {
  const { newest } = pass.sets;
  if (pass.rollout.spec.workloadRef?.scaleDown !== 'onsuccess' || revisionOf(newest) !== 1 || pass.status.phase !== 'Healthy') return [];
  return availableOf(newest) >= sizeOf(newest) ? resize(pass, 0, 'the rollout has taken over') : [];
}
