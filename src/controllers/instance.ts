// Engines that share a cluster by instance ids: each drives only what carries its own, and reads only such templates.

import type { KubeObject } from '../kinds/kube-object.js';
import { INSTANCE_ID } from '../kinds/labels.js';

/** "" when it carries none, as for an engine that was given none. */
export function instanceOf({ metadata }: Pick<KubeObject, 'metadata'>): string {
  return metadata.labels?.[INSTANCE_ID] ?? '';
}

/** Those that an object of that instance may refer to. */
export function ofInstance<T extends Pick<KubeObject, 'metadata'>>(templates: readonly T[], instance: string): readonly T[] {
  return templates.filter((template) => instanceOf(template) === instance);
}
