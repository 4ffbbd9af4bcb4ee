// Which analysis runs notifications of a rollout know of.

import type { KubeObject } from '../kinds/kube-object.js';
import { HASH_LABEL, REVISION } from '../kinds/labels.js';
import { textAt } from '../lib/read.js';

/** Of these runs of a rollout, those of the version that is being rolled out, newest first. */
export function runsOfVersion(rollout: KubeObject, runs: readonly KubeObject[]): readonly KubeObject[] {
  const hash = textAt(rollout, 'status', 'currentPodHash');
  const revision = rollout.metadata.annotations?.[REVISION];
  return runs
    .filter(({ metadata }) => metadata.labels?.[HASH_LABEL] === hash && metadata.annotations?.[REVISION] === revision)
    .toSorted((a, b) => (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''));
}
