// What stands around a rollout, below its revisions in the tree: autoscaler, disruption budgets, Services, route objects.

import type { KubeObject } from '../kinds/kube-object.js';
import { HASH_LABEL } from '../kinds/labels.js';
import { type ClusterIndex, setWithHash } from './board.js';
import type { RolloutFacts } from './facts.js';
import { at, numberAt, textAt, timeAt } from '../lib/read.js';
import { serviceNames } from './reason.js';
import { readRealWeight } from './route-weight.js';
import type { Folds, TreeRow } from './tree.js';

export type Around = { readonly autoscalers: readonly KubeObject[]; readonly budgets: readonly KubeObject[] };

const GROUP = 'around';

type Leaf = Pick<TreeRow, 'kind' | 'name' | 'state' | 'info'> & { readonly object: KubeObject | undefined };

function autoscalerLeaf(object: KubeObject): Leaf {
  const min = numberAt(object, 'spec', 'minReplicas') ?? 1;
  const max = numberAt(object, 'spec', 'maxReplicas') ?? min;
  const now = numberAt(object, 'status', 'currentReplicas') ?? 0;
  const wanted = numberAt(object, 'status', 'desiredReplicas') ?? now;
  const metric = at(object, 'status', 'currentMetrics', 0, 'resource');
  const used = numberAt(metric, 'current', 'averageUtilization');
  const target = numberAt(object, 'spec', 'metrics', 0, 'resource', 'target', 'averageUtilization');
  const load = used === undefined ? '' : `, ${textAt(metric, 'name') ?? ''} ${used}%${target === undefined ? '' : ` of ${target}%`}`;
  const steady: NonNullable<Leaf['state']> =
    now >= max ? { mood: 'paused', word: 'At its maximum' } : { mood: 'good', word: now <= min ? 'At its minimum' : 'Steady' };
  return {
    kind: 'autoscaler',
    name: object.metadata.name,
    state: now === wanted ? steady : { mood: 'progress', word: `Scales to ${wanted}` },
    info: `min ${min}, now ${now}, max ${max}${load}`,
    object,
  };
}

function budgetLeaf(object: KubeObject): Leaf {
  const allowed = numberAt(object, 'status', 'disruptionsAllowed') ?? 0;
  const healthy = `${numberAt(object, 'status', 'currentHealthy') ?? 0} healthy of at least ${numberAt(object, 'status', 'desiredHealthy') ?? 0}`;
  return {
    kind: 'budget',
    name: object.metadata.name,
    state: allowed > 0 ? { mood: 'good', word: `Allows ${allowed}` } : { mood: 'paused', word: 'Allows none' },
    info: healthy,
    object,
  };
}

/** Which version the Service sends to, by the hash in its selector. */
function serviceLeaf(facts: RolloutFacts, index: ClusterIndex, name: string): Leaf {
  const object = index.services.get(`${facts.namespace}/${name}`);
  const hash = textAt(object, 'spec', 'selector', HASH_LABEL);
  const side = hash === undefined ? 'all pods' : hash === facts.stableHash ? 'stable pods' : hash === facts.canaryHash ? 'canary pods' : `pods of ${hash}`;
  const missing = object === undefined && index.services.size > 0;
  return { kind: 'service', name, state: missing ? { mood: 'bad', word: 'Missing' } : undefined, info: missing ? '' : `sends to ${side}`, object };
}

function routeLeaves(facts: RolloutFacts, index: ClusterIndex): readonly Leaf[] {
  const real = readRealWeight(facts, index);
  if (real.from !== 'routes') return [];
  return real.objects.map(({ label, canary, stable, problem }) => {
    const [kind = '', name = ''] = label.split(' ');
    const object = [...index.routeObjects.values()].find(
      (each) => each.kind === kind && each.metadata.name === name && each.metadata.namespace === facts.namespace,
    );
    return {
      kind: 'route' as const,
      name: label === '' ? 'route' : label,
      state: problem === undefined ? undefined : { mood: 'bad' as const, word: 'Unreadable' },
      info: problem ?? `canary ${canary ?? '?'}, stable ${stable ?? '?'}`,
      object,
    };
  });
}

const selects = (budget: KubeObject, labels: unknown): boolean => {
  const wanted = at(budget, 'spec', 'selector', 'matchLabels');
  return typeof wanted === 'object' && wanted !== null && Object.entries(wanted).every(([key, value]) => textAt(labels, key) === value);
};

export function aroundRows(facts: RolloutFacts, index: ClusterIndex, around: Around, folds: Folds): readonly TreeRow[] {
  const set = setWithHash(index, facts, facts.stableHash) ?? setWithHash(index, facts, facts.canaryHash);
  const labels = at(facts.object, 'spec', 'template', 'metadata', 'labels') ?? at(set, 'spec', 'template', 'metadata', 'labels');
  const scales = (object: KubeObject): boolean =>
    textAt(object, 'spec', 'scaleTargetRef', 'kind') === 'Rollout' && textAt(object, 'spec', 'scaleTargetRef', 'name') === facts.name;
  const leaves: readonly Leaf[] = [
    ...around.autoscalers.filter(scales).map(autoscalerLeaf),
    ...around.budgets.filter((budget) => selects(budget, labels)).map(budgetLeaf),
    ...serviceNames(facts).map((name) => serviceLeaf(facts, index, name)),
    ...routeLeaves(facts, index),
  ];
  if (leaves.length === 0) return [];
  const open = folds.get(GROUP) ?? true;
  const shared = { side: 'past' as const, image: '' };
  const kinds = [...new Set(leaves.map(({ kind }) => kind))].map((kind) => `${leaves.filter((leaf) => leaf.kind === kind).length} ${kind}`);
  const head: TreeRow = {
    ...shared,
    id: GROUP,
    parent: undefined,
    depth: 0,
    kind: 'around',
    name: 'around it',
    state: undefined,
    info: open ? '' : kinds.join(', '),
    since: undefined,
    object: undefined,
    open,
  };
  if (!open) return [head];
  return [
    head,
    ...leaves.map(
      ({ object, ...leaf }): TreeRow => ({
        ...shared,
        ...leaf,
        id: `${leaf.kind} ${leaf.name}`,
        parent: GROUP,
        depth: 1,
        since: timeAt(object, 'metadata', 'creationTimestamp'),
        object,
        open: undefined,
      }),
    ),
  ];
}
