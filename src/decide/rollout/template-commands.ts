// The operator's actions that change what runs: another image, or an earlier revision. Both change the pod template where it stands:
// in the rollout, or in the workload that the rollout refers to.

import type { Change, JsonPatchOperation, Refusal } from '../../kinds/change.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { HASH_LABEL, REVISION } from '../../kinds/labels.js';
import { refOf } from '../../kinds/object-ref.js';
import type { PodTemplateSpec } from '../../kinds/pod-template.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import { DEPLOYMENT, POD_TEMPLATE, REPLICA_SET, ROLLOUT } from '../../kinds/resource-type.js';
import type { ResourceType } from '../../kinds/resource-type.js';
import type { Rollout } from '../../kinds/rollout.js';
import { isRecord } from '../../lib/deep.js';
import { removeAntiAffinity } from './anti-affinity.js';
import { refuse, tests } from './command-patch.js';
import type { CommandForm } from './command-patch.js';
import type { Commanded } from './commands.js';
import { recordedMetadata, removeMetadata } from './pod-metadata.js';
import { sameTemplate } from './same-template.js';

/** A container's name, or "*" for all of them. */
export type ImagePair = { readonly container: string; readonly image: string };

const LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const;

/** Where the template stands. */
type Holder = { readonly type: ResourceType; readonly object: KubeObject; readonly templatePath: string; readonly template: PodTemplateSpec };

/**
 * Gives containers another image. `workload` is the object that the rollout refers to, if it does.
 * The plain form writes the object whole, at the version that was read: on a conflict read anew and ask again.
 */
export function setImage(rollout: Rollout, workload: KubeObject | undefined, pairs: readonly ImagePair[], form: CommandForm): Commanded {
  const holder = holderOf(rollout, workload);
  if ('reason' in holder) return holder;
  const places = containerPlaces(holder.template);
  for (const { container } of pairs) {
    if (container !== '*' && !places.some((place) => place.name === container)) return refuse(`unable to find container named "${container}"`);
  }
  const operations = places.flatMap((place): readonly JsonPatchOperation[] => {
    const image = pairs.findLast(({ container }) => container === '*' || container === place.name)?.image;
    if (image === undefined) return [];
    const path = `${holder.templatePath}${place.path}`;
    return [
      ...tests([
        [`${path}/name`, place.name],
        [`${path}/image`, place.image],
      ]),
      { op: 'add', path: `${path}/image`, value: image },
    ];
  });
  const why = `image set by a person: ${pairs.map(({ container, image }) => `${container}=${image}`).join(', ')}`;
  const ref = refOf(holder.type, holder.object);
  if (form === 'guarded')
    return [{ type: 'patch', ref, patchType: 'json', body: [...tests([['/metadata/uid', holder.object.metadata.uid]]), ...operations], why }];
  return [{ type: 'update', ref, object: withImages(holder, pairs), why }];
}

function holderOf(rollout: Rollout, workload: KubeObject | undefined): Holder | Refusal {
  const wanted = rollout.spec.workloadRef;
  if (wanted === undefined) return { type: ROLLOUT, object: rollout, templatePath: '/spec/template', template: rollout.spec.template ?? {} };
  if (workload === undefined) return refuse(`${wanted.kind ?? 'the workload'} "${wanted.name ?? ''}", which the rollout refers to, is not found`);
  const { kind } = workload;
  if (kind === 'PodTemplate') return { type: POD_TEMPLATE, object: workload, templatePath: '/template', template: templateIn(workload) };
  if (kind !== 'Deployment' && kind !== 'ReplicaSet') return refuse(`a workload of the kind ${kind} is not supported`);
  return { type: kind === 'Deployment' ? DEPLOYMENT : REPLICA_SET, object: workload, templatePath: '/spec/template', template: templateIn(workload['spec']) };
}

function templateIn(parent: unknown): PodTemplateSpec {
  const template = isRecord(parent) ? parent['template'] : undefined;
  return isRecord(template) ? template : {};
}

type Place = { readonly path: string; readonly name: string; readonly image: string | undefined };

function containerPlaces(template: PodTemplateSpec): readonly Place[] {
  return LISTS.flatMap((list) =>
    (template.spec?.[list] ?? []).map((container, index) => ({ path: `/spec/${list}/${index}`, name: container.name, image: container.image })),
  );
}

function withImages(holder: Holder, pairs: readonly ImagePair[]): KubeObject {
  const { spec } = holder.template;
  const changed = Object.fromEntries(
    LISTS.flatMap((list) => {
      const containers = spec?.[list];
      if (containers === undefined) return [];
      return [
        [
          list,
          containers.map((container) => {
            const image = pairs.findLast((pair) => pair.container === '*' || pair.container === container.name)?.image;
            return image === undefined ? container : { ...container, image };
          }),
        ],
      ];
    }),
  );
  const template = { ...holder.template, spec: { ...spec, ...changed } };
  const { object } = holder;
  if (holder.templatePath === '/template') return { ...object, template };
  return { ...object, spec: { ...(isRecord(object['spec']) ? object['spec'] : {}), template } };
}

/** The wanted state is there already: said to the person, and no failure. */
export type Unchanged = { readonly type: 'unchanged'; readonly reason: string };

/** Brings back the template of an earlier revision; without a number, of the last but one. `sets` are the rollout's own ReplicaSets. */
export function undo(
  rollout: Rollout,
  workload: KubeObject | undefined,
  sets: readonly ReplicaSet[],
  toRevision: number | undefined,
  form: CommandForm,
): readonly Change[] | Refusal | Unchanged {
  const holder = holderOf(rollout, workload);
  if ('reason' in holder) return holder;
  const ranked = sets
    .map((set) => ({ set, revision: revisionOf(set) }))
    .filter(({ revision }) => revision > 0)
    .sort((a, b) => b.revision - a.revision);
  const chosen = toRevision === undefined ? ranked[1] : ranked.find(({ revision }) => revision === toRevision);
  if (chosen === undefined) {
    return refuse(
      toRevision === undefined ? `no revision found for rollout "${rollout.metadata.name}"` : `unable to find specified revision ${toRevision} in history`,
    );
  }
  if (sameTemplate(chosen.set, holder.template))
    return { type: 'unchanged', reason: `skipped rollback (current template already matches revision ${chosen.revision})` };
  const guards =
    form === 'guarded'
      ? tests([
          ['/metadata/uid', holder.object.metadata.uid],
          [holder.templatePath, holder.template],
        ])
      : [];
  const body: readonly JsonPatchOperation[] = [...guards, { op: 'replace', path: holder.templatePath, value: ownTemplate(chosen.set) }];
  return [{ type: 'patch', ref: refOf(holder.type, holder.object), patchType: 'json', body, why: `brought back to revision ${chosen.revision} by a person` }];
}

function revisionOf(set: ReplicaSet): number {
  const revision = Number(set.metadata.annotations?.[REVISION] ?? '0');
  return Number.isInteger(revision) ? revision : 0;
}

/** Without what an engine has put into the ReplicaSet: the plugin would carry that into the rollout. */
function ownTemplate(set: ReplicaSet): PodTemplateSpec {
  const template = removeAntiAffinity(removeMetadata(set.spec.template ?? {}, recordedMetadata(set)));
  const labels = Object.fromEntries(Object.entries(template.metadata?.labels ?? {}).filter(([key]) => key !== HASH_LABEL));
  return { ...template, metadata: { ...template.metadata, labels } };
}
