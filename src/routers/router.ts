// A traffic router: it reads from its objects how requests are split, and plans the writes that split them as wanted.
// Pure: the controller fetches what `needs`, `further` and `selects` name, and performs what `plan` returns, in order.

import type { Change, Note } from '../kinds/change.js';
import type { KubeObject, LabelSelector } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { Rollout } from '../kinds/rollout.js';
import type { Route, RouteProblem, Traffic } from '../kinds/traffic.js';

/** One write, and the events that tell of it once it is done. */
export type PlannedChange = { readonly change: Change; readonly notes: readonly Note[] };

/** All objects of a namespace that have these labels. */
export type Selection = { readonly type: ResourceType; readonly namespace: string; readonly selector: LabelSelector };

export interface Router {
  /** The field of `trafficRouting` that chooses this router. */
  readonly name: string;
  /** The objects that the other functions are given; those that do not exist are left out of `objects`. */
  needs(rollout: Rollout): readonly ObjectRef[];
  /** Those that only the needed ones name. What can not be told yet has the name "". */
  further?(rollout: Rollout, needed: readonly KubeObject[]): readonly ObjectRef[];
  /** Those that are found by their labels. */
  selects?(rollout: Rollout): readonly Selection[];
  read(rollout: Rollout, objects: readonly KubeObject[]): Route | RouteProblem;
  /** Nothing when the objects already say what is wanted. Fields that are not the router's business are kept. */
  plan(rollout: Rollout, objects: readonly KubeObject[], wanted: Traffic): readonly PlannedChange[] | RouteProblem;
}

export function isProblem(value: Route | readonly PlannedChange[] | RouteProblem): value is RouteProblem {
  return 'type' in value && value.type === 'route-problem';
}
