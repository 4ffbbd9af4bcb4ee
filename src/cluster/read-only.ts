// A cluster to which nothing is ever written, whoever asks: the refusal stands here, at the one door, and not in the keys.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { SELF_SUBJECT_ACCESS_REVIEW, SELF_SUBJECT_REVIEW } from '../kinds/resource-type.js';
import { err, type Result } from '../lib/result.js';
import type { Cluster, ClusterError } from './cluster.js';

/** Their answers are all that a server makes of them: nothing is stored. */
const QUESTIONS: ReadonlySet<string> = new Set([SELF_SUBJECT_ACCESS_REVIEW, SELF_SUBJECT_REVIEW].map(({ plural }) => plural));

/** `why` says where that comes from: "--read-only". */
export function readOnlyCluster<C extends Cluster>(cluster: C, why: string): C {
  const refuse = (verb: string, { type, name }: ObjectRef): Promise<Result<KubeObject, ClusterError>> =>
    Promise.resolve(err({ code: 403, reason: 'ReadOnly', message: `read-only (${why}): ${type.singular} "${name}" was not ${verb}; --write allows it` }));
  const closed: Pick<Cluster, 'create' | 'update' | 'patch' | 'delete'> = {
    create: (ref, object, options) => (QUESTIONS.has(ref.type.plural) ? cluster.create(ref, object, options) : refuse('created', ref)),
    update: (ref) => refuse('updated', ref),
    patch: (ref) => refuse('patched', ref),
    delete: (ref) => refuse('deleted', ref),
  };
  return { ...cluster, ...closed };
}
