// Revisions: making the ReplicaSet of a new template, and keeping the numbers and copied annotations right.

import type { Change } from '../../kinds/change.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { DESIRED_REPLICAS, EPHEMERAL_METADATA, HASH_LABEL, LAST_APPLIED, NOTIFIED, REVISION, REVISION_HISTORY } from '../../kinds/labels.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import { REPLICA_SET, ROLLOUT } from '../../kinds/resource-type.js';
import { deepEqual } from '../../lib/deep.js';
import { injectedAntiAffinity, withAntiAffinity } from './anti-affinity.js';
import { initialMetadata } from './metadata.js';
import type { Action } from './observed.js';
import type { Pass } from './pass.js';
import { addMetadata, writeRecord } from './pod-metadata.js';
import { revisionOf, withSets } from './sets.js';
import { writtenTemplate, writtenTemplatePatch } from './written-template.js';

const NOT_COPIED = new Set([LAST_APPLIED, REVISION, REVISION_HISTORY, DESIRED_REPLICAS, NOTIFIED]);

function copiedAnnotations(pass: Pass): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(pass.rollout.metadata.annotations ?? {}).filter(([key]) => !NOT_COPIED.has(key)));
}

export function nextRevision(pass: Pass): number {
  return pass.sets.older.reduce((highest, set) => Math.max(highest, revisionOf(set)), 0) + 1;
}

export const newSetName = (pass: Pass): string => `${pass.rollout.metadata.name}-${pass.podHash}`;

/** The object to create for the wanted template. It starts with no pods; sizing is another step. */
export function newReplicaSet(pass: Pass): KubeObject {
  const { rollout, podHash, canary } = pass;
  const template = writtenTemplate(pass.template);
  const metadata = initialMetadata(pass);
  const record = writeRecord(metadata);
  const labelled = { ...template, metadata: { ...template.metadata, labels: { ...template.metadata?.labels, [HASH_LABEL]: podHash } } };
  const placed = withAntiAffinity(labelled, canary.antiAffinity, pass.stableHash, podHash, rollout.metadata.namespace ?? '');
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: newSetName(pass),
      namespace: rollout.metadata.namespace ?? '',
      labels: { ...template.metadata?.labels, [HASH_LABEL]: podHash },
      annotations: {
        ...copiedAnnotations(pass),
        ...(record === undefined ? {} : { [EPHEMERAL_METADATA]: record }),
        [REVISION]: String(nextRevision(pass)),
        [DESIRED_REPLICAS]: String(pass.replicas),
      },
      ownerReferences: [ownerReference(pass)],
    },
    spec: {
      replicas: 0,
      ...(rollout.spec.minReadySeconds === undefined ? {} : { minReadySeconds: rollout.spec.minReadySeconds }),
      selector: { ...rollout.spec.selector, matchLabels: { ...rollout.spec.selector?.matchLabels, [HASH_LABEL]: podHash } },
      template: addMetadata(placed, metadata),
    },
  };
}

export function ownerReference(pass: Pass): { apiVersion: string; kind: string; name: string; uid: string; controller: boolean; blockOwnerDeletion: boolean } {
  const { name, uid } = pass.rollout.metadata;
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name, uid: uid ?? '', controller: true, blockOwnerDeletion: true };
}

function rolloutRevision(pass: Pass, revision: number): readonly Action[] {
  const { metadata, spec } = pass.rollout;
  if (metadata.annotations?.[REVISION] === String(revision)) return [];
  const template = spec.workloadRef === undefined && spec.template !== undefined ? writtenTemplatePatch(spec.template) : undefined;
  // Lists are replaced whole; an image that is set meanwhile is not lost, because the write holds for the version seen only.
  const written = template === undefined ? {} : { spec: { template } };
  return [
    {
      type: 'patch',
      ref: { type: ROLLOUT, namespace: metadata.namespace ?? '', name: metadata.name },
      patchType: 'merge',
      body: { metadata: { annotations: { [REVISION]: String(revision) } }, ...written },
      why: `the rollout is at revision ${revision}`,
    },
    { type: 'note', note: { type: 'Normal', reason: 'RolloutUpdated', message: `Rollout updated to revision ${revision}` } },
  ];
}

export function createNewest(pass: Pass): readonly Action[] {
  const revision = nextRevision(pass);
  const object = newReplicaSet(pass);
  return [
    {
      type: 'create',
      ref: { type: REPLICA_SET, namespace: object.metadata.namespace ?? '', name: object.metadata.name },
      object,
      why: `bring out revision ${revision}`,
    },
    ...rolloutRevision(pass, revision),
    { type: 'note', note: { type: 'Normal', reason: 'NewReplicaSetCreated', message: `Created ReplicaSet ${object.metadata.name} (revision ${revision})` } },
  ];
}

/** Brings the found ReplicaSet up to its revision: a template that comes back gets the next number, and remembers its old ones. */
export function syncRevision(pass: Pass): { readonly pass: Pass; readonly actions: readonly Action[] } {
  const { newest } = pass.sets;
  if (newest === undefined) return { pass, actions: [] };
  const old = revisionOf(newest);
  const revision = Math.max(old, nextRevision(pass));
  const patch = setPatch(pass, newest, old, revision);
  const raised: ReplicaSet = { ...newest, metadata: { ...newest.metadata, annotations: { ...newest.metadata.annotations, [REVISION]: String(revision) } } };
  return {
    // The rest of the pass speaks of the set by its new number.
    pass: revision === old ? pass : { ...pass, sets: withSets(pass.sets, [raised]) },
    actions: [...(patch === undefined ? [] : [patch]), ...rolloutRevision(pass, revision)],
  };
}

function setPatch(pass: Pass, newest: ReplicaSet, old: number, revision: number): Change | undefined {
  const annotations: Record<string, string> = {};
  for (const [key, value] of Object.entries(copiedAnnotations(pass))) if (newest.metadata.annotations?.[key] !== value) annotations[key] = value;
  if (revision > old) {
    annotations[REVISION] = String(revision);
  }
  // Also when only a copied annotation changes, as the other engine does: it compares the whole object.
  const history = newest.metadata.annotations?.[REVISION_HISTORY] ?? '';
  if (Object.keys(annotations).length > 0 && old > 0) annotations[REVISION_HISTORY] = history === '' ? String(old) : `${history},${old}`;
  const spec: Record<string, unknown> = {};
  const minReadySeconds = pass.rollout.spec.minReadySeconds ?? 0;
  if ((newest.spec.minReadySeconds ?? 0) !== minReadySeconds) spec['minReadySeconds'] = minReadySeconds;
  const affinity = staleAffinity(pass, newest);
  if (affinity !== undefined) spec['template'] = { spec: { affinity: affinity.wanted } };
  if (Object.keys(annotations).length === 0 && Object.keys(spec).length === 0) return undefined;
  return {
    type: 'patch',
    ref: { type: REPLICA_SET, namespace: newest.metadata.namespace ?? '', name: newest.metadata.name },
    patchType: 'merge',
    body: { ...(Object.keys(annotations).length === 0 ? {} : { metadata: { annotations } }), ...(Object.keys(spec).length === 0 ? {} : { spec }) },
    why: `keep ${newest.metadata.name} at revision ${revision}`,
  };
}

/** While an update runs, the term must keep away from the version that is stable now. */
function staleAffinity(pass: Pass, newest: ReplicaSet): { readonly wanted: unknown } | undefined {
  if (pass.stableHash === '' || pass.stableHash === pass.podHash) return undefined;
  const template = newest.spec.template ?? {};
  const present = injectedAntiAffinity(template);
  // A wish that comes or goes in mid-update is for the next version.
  if (present === undefined || present === pass.stableHash) return undefined;
  const wanted =
    withAntiAffinity(template, pass.canary.antiAffinity, pass.stableHash, pass.podHash, pass.rollout.metadata.namespace ?? '').spec?.affinity ?? null;
  return deepEqual(wanted, template.spec?.affinity ?? null) ? undefined : { wanted };
}
