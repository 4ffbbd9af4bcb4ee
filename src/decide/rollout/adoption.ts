// Which ReplicaSets belong to the rollout: those it controls, and those that match it and that nobody controls.

import type { Change } from '../../kinds/change.js';
import { HASH_LABEL } from '../../kinds/labels.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import { REPLICA_SET } from '../../kinds/resource-type.js';
import type { Rollout } from '../../kinds/rollout.js';
import { matchesSelector } from '../../kinds/label-selector.js';

export type Adoption = { readonly owned: readonly ReplicaSet[]; readonly actions: readonly Change[] };

const OWNER = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', controller: true, blockOwnerDeletion: true };

const isOfRollouts = (set: ReplicaSet): boolean => set.metadata.labels?.[HASH_LABEL] !== undefined;

export function adoptSets(rollout: Rollout, sets: readonly ReplicaSet[]): Adoption {
  const { uid, name, deletionTimestamp } = rollout.metadata;
  const owned: ReplicaSet[] = [];
  const actions: Change[] = [];
  for (const set of sets) {
    const controller = set.metadata.ownerReferences?.find((owner) => owner.controller === true);
    const alive = deletionTimestamp === undefined && set.metadata.deletionTimestamp === undefined;
    const matches = matchesSelector(rollout.spec.selector, set.metadata.labels);
    if (controller?.uid === uid) {
      // A set that no longer matches is not released: what has lost its owner is adopted by whoever comes first, and scaled to nothing.
      owned.push(set);
    } else if (controller === undefined && matches && alive && isOfRollouts(set)) {
      owned.push(set);
      actions.push({
        type: 'patch',
        ref: { type: REPLICA_SET, namespace: set.metadata.namespace ?? '', name: set.metadata.name },
        patchType: 'strategic',
        // The uid makes the server refuse a namesake that has come since.
        body: { metadata: { uid: set.metadata.uid, ownerReferences: [{ ...OWNER, name, uid }] } },
        why: `adopt ReplicaSet ${set.metadata.name}, which nobody controls`,
      });
    }
  }
  return { owned, actions };
}
