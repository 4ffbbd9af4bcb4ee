// Labels and annotations that a version's pods carry only while it plays its part: canary or stable.

import type { Change } from '../../kinds/change.js';
import { EPHEMERAL_METADATA } from '../../kinds/labels.js';
import type { PodTemplateSpec } from '../../kinds/pod-template.js';
import type { Pod } from '../../kinds/pod.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import { POD, REPLICA_SET } from '../../kinds/resource-type.js';
import { deepEqual } from '../../lib/deep.js';
import { isFullyPromoted } from './pass.js';
import type { Pass } from './pass.js';
import { NO_METADATA, recordedMetadata, writeRecord } from './pod-metadata.js';
import type { PodMetadata, Texts } from './pod-metadata.js';

const wish = (given: { readonly labels?: Texts | undefined; readonly annotations?: Texts | undefined } | undefined): PodMetadata => ({
  labels: given?.labels ?? {},
  annotations: given?.annotations ?? {},
});

/** What a set that is created now starts with. */
export function initialMetadata(pass: Pass): PodMetadata {
  const isCanary = pass.sets.stable !== undefined && pass.stableHash !== pass.podHash;
  return wish(isCanary ? pass.canary.canaryMetadata : pass.canary.stableMetadata);
}

function wantedMetadata(pass: Pass, set: ReplicaSet): PodMetadata {
  if (set === pass.sets.newest) return wish(isFullyPromoted(pass) || pass.stableHash === '' ? pass.canary.stableMetadata : pass.canary.canaryMetadata);
  return set === pass.sets.stable ? wish(pass.canary.stableMetadata) : NO_METADATA;
}

/** A merge patch from what was put there to what should be: only keys on record are ever taken away. */
function difference(present: Texts | undefined, recorded: Texts, wanted: Texts): Record<string, string | null> | undefined {
  const patch: Record<string, string | null> = {};
  for (const key of Object.keys(recorded)) if (wanted[key] === undefined && present?.[key] !== undefined) patch[key] = null;
  for (const [key, value] of Object.entries(wanted)) if (present?.[key] !== value) patch[key] = value;
  return Object.keys(patch).length === 0 ? undefined : patch;
}

const metaPatch = (present: PodTemplateSpec['metadata'] | Pod['metadata'], recorded: PodMetadata, wanted: PodMetadata): Record<string, unknown> | undefined => {
  const labels = difference(present?.labels, recorded.labels, wanted.labels);
  const annotations = difference(present?.annotations, recorded.annotations, wanted.annotations);
  if (labels === undefined && annotations === undefined) return undefined;
  return { ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) };
};

/** Patches of ReplicaSets and of their living pods. The template of a ReplicaSet only counts for pods to come. */
export function metadataChanges(pass: Pass): readonly Change[] {
  return pass.sets.all.flatMap((set): Change[] => {
    const recorded = recordedMetadata(set);
    const wanted = wantedMetadata(pass, set);
    if (deepEqual(recorded, wanted)) return [];
    const namespace = set.metadata.namespace ?? '';
    const metadata = metaPatch(set.spec.template?.metadata, recorded, wanted);
    const change: Change = {
      type: 'patch',
      ref: { type: REPLICA_SET, namespace, name: set.metadata.name },
      patchType: 'merge',
      body: {
        metadata: { annotations: { [EPHEMERAL_METADATA]: writeRecord(wanted) ?? null } },
        ...(metadata === undefined ? {} : { spec: { template: { metadata } } }),
      },
      why: `give the pods of ${set.metadata.name} the labels and annotations of its part`,
    };
    // Pods first: should one of them fail, the record still says that this is to be done.
    return [...podChanges(pass, set, recorded, wanted), change];
  });
}

function podChanges(pass: Pass, set: ReplicaSet, recorded: PodMetadata, wanted: PodMetadata): readonly Change[] {
  const owned = pass.seen.pods.filter((pod) => pod.metadata.ownerReferences?.some((owner) => owner.uid === set.metadata.uid));
  return owned.flatMap((pod): Change[] => {
    const metadata = metaPatch(pod.metadata, recorded, wanted);
    if (metadata === undefined || pod.metadata.deletionTimestamp !== undefined) return [];
    return [
      {
        type: 'patch',
        ref: { type: POD, namespace: pod.metadata.namespace ?? '', name: pod.metadata.name },
        patchType: 'merge',
        body: { metadata },
        why: `give pod ${pod.metadata.name} the labels and annotations of its version`,
      },
    ];
  });
}
