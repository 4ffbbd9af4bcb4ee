// A cluster to which nothing is written while it is read-only, whoever asks: the refusal stands here, at the one door, and
// not in the keys.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { SELF_SUBJECT_ACCESS_REVIEW, SELF_SUBJECT_REVIEW } from '../kinds/resource-type.js';
import { err, type Result } from '../lib/result.js';
import type { Cluster, ClusterError } from './cluster.js';

/** Their answers are all that a server makes of them: nothing is stored. */
const QUESTIONS: ReadonlySet<string> = new Set([SELF_SUBJECT_ACCESS_REVIEW, SELF_SUBJECT_REVIEW].map(({ plural }) => plural));

type Answer = Promise<Result<KubeObject, ClusterError>>;

/** While `refusing` gives a reason ("--read-only"), nothing is written. It is asked before each write: settings change while a console is open. */
export function guardWrites<C extends Cluster>(cluster: C, refusing: () => string | undefined): C {
  const unless = (verb: string, { type, name }: ObjectRef, write: () => Answer): Answer => {
    const why = refusing();
    if (why === undefined) return write();
    const message = `read-only (${why}): ${type.singular} "${name}" was not ${verb}; --write allows it`;
    return Promise.resolve(err({ code: 403, reason: 'ReadOnly', message }));
  };
  const guarded: Pick<Cluster, 'create' | 'update' | 'patch' | 'delete'> = {
    create(ref, object, options) {
      const write = (): Answer => cluster.create(ref, object, options);
      return QUESTIONS.has(ref.type.plural) ? write() : unless('created', ref, write);
    },
    update: (ref, object, options) => unless('updated', ref, () => cluster.update(ref, object, options)),
    patch: (ref, patchType, body, options) => unless('patched', ref, () => cluster.patch(ref, patchType, body, options)),
    delete: (ref, options) => unless('deleted', ref, () => cluster.delete(ref, options)),
  };
  return { ...cluster, ...guarded };
}
