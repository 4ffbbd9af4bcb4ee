// Ambassador: beside each base Mapping a canary Mapping for the same requests, whose weight says which share of them it takes.
// It is there only while the canary gets requests.

import type { KubeObject } from '../kinds/kube-object.js';
import { controllerOf } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { versionServices } from '../kinds/ping-pong.js';
import { AMBASSADOR_MAPPING, MAPPING } from '../kinds/route-types.js';
import type { Rollout } from '../kinds/rollout.js';
import type { Route, RouteProblem, Traffic } from '../kinds/traffic.js';
import { absent, findObject, isOwnedBy, notFound, ownerOf, recordOf, routeProblem, writeChange } from './objects.js';
import type { Fields } from './objects.js';
import type { PlannedChange, Router } from './router.js';

const FIELD = 'ambassador.mappings';
const SUFFIX = '-canary';
/** Of the base Mapping's name; Argo cuts it there, so that the whole is a name. */
const MOST_LETTERS = 246;
const WHOLE = 100;

export const ambassador: Router = { name: 'ambassador', needs, read, plan };

type Pair = {
  readonly base: KubeObject;
  readonly ref: ObjectRef;
  readonly canary: KubeObject | undefined;
  /** The base's service, with the canary's name. */ readonly service: string;
};

const baseNames = (rollout: Rollout): readonly string[] => rollout.spec.strategy?.canary?.trafficRouting?.ambassador?.mappings ?? [];
const canaryName = (base: string): string => `${base.slice(0, MOST_LETTERS)}${SUFFIX}`;
const specOf = (object: KubeObject): Fields => recordOf(object['spec']);

/** In both API groups that Ambassador has had. */
function needs(rollout: Rollout): readonly ObjectRef[] {
  const { namespace = '' } = rollout.metadata;
  const names = baseNames(rollout).flatMap((name) => [name, canaryName(name)]);
  return [MAPPING, AMBASSADOR_MAPPING].flatMap((type) => names.map((name) => ({ type, namespace, name })));
}

function find(rollout: Rollout, objects: readonly KubeObject[]): readonly Pair[] | RouteProblem {
  const names = baseNames(rollout);
  if (names.length === 0) return routeProblem(FIELD, '', 'must provide at least one mapping');
  const pairs: Pair[] = [];
  for (const name of names) {
    const pair = findPair(rollout, objects, name);
    if ('type' in pair) return pair;
    pairs.push(pair);
  }
  return pairs;
}

function findPair(rollout: Rollout, objects: readonly KubeObject[], name: string): Pair | RouteProblem {
  const { namespace = '' } = rollout.metadata;
  const refs = [MAPPING, AMBASSADOR_MAPPING].map((type): ObjectRef => ({ type, namespace, name }));
  const ref = refs.find((candidate) => findObject(objects, candidate) !== undefined);
  const base = ref === undefined ? undefined : findObject(objects, ref);
  if (ref === undefined || base === undefined) return absent(routeProblem(FIELD, name, notFound({ type: MAPPING, namespace, name })));
  if (specOf(base)['weight'] !== undefined) {
    return routeProblem(FIELD, name, `Mapping \`${name}\` has a weight of its own: what the canary does not take must be left to it`);
  }
  const service = canaryServiceOf(rollout, specOf(base)['service']);
  if (service === undefined) {
    return routeProblem(FIELD, name, `Mapping \`${name}\` does not lead to the stable Service ${versionServices(rollout).stable ?? ''}`);
  }
  const canaryRef = { ...ref, name: canaryName(name) };
  const canary = findObject(objects, canaryRef);
  if (canary !== undefined && controllerOf(canary) !== undefined && !isOwnedBy(canary, rollout)) {
    return routeProblem(FIELD, name, `Mapping \`${canaryRef.name}\` is controlled by a different object`);
  }
  return { base, ref: canaryRef, canary, service };
}

/** "https://shop.mall:443" with the canary's name for that of the stable Service; undefined when it names another Service. */
function canaryServiceOf(rollout: Rollout, service: unknown): string | undefined {
  const { canary = '', stable = '' } = versionServices(rollout);
  const [, scheme = '', host = '', rest = ''] = /^([A-Za-z]+:\/\/)?([^.:/]*)(.*)$/.exec(typeof service === 'string' ? service : '') ?? [];
  return stable !== '' && host === stable ? `${scheme}${canary}${rest}` : undefined;
}

/** Without a weight it would share evenly with the base, but no Mapping of this router is without. */
function weightOf(canary: KubeObject | undefined): number {
  const weight = canary === undefined ? 0 : specOf(canary)['weight'];
  return typeof weight === 'number' ? weight : WHOLE / 2;
}

function read(rollout: Rollout, objects: readonly KubeObject[]): Route | RouteProblem {
  const pairs = find(rollout, objects);
  if ('type' in pairs) return pairs;
  const splits = pairs.map(({ base, ref, canary }) => {
    const weight = weightOf(canary);
    return { object: `${ref.type.kind}/${ref.name}`, place: base.metadata.name, canary: weight, stable: WHOLE - weight, other: 0 };
  });
  return { type: 'route', router: 'ambassador', splits, referencedHashes: [] };
}

function plan(rollout: Rollout, objects: readonly KubeObject[], traffic: Traffic): readonly PlannedChange[] | RouteProblem {
  const pairs = find(rollout, objects);
  return 'type' in pairs ? pairs : pairs.flatMap((pair) => planPair(rollout, pair, traffic));
}

function planPair(rollout: Rollout, { base, ref, canary, service }: Pair, { weight }: Traffic): readonly PlannedChange[] {
  const why = `Mapping ${ref.name} takes ${weight} of ${WHOLE}`;
  if (canary === undefined && weight === 0) return [];
  // First without a share, and gone only when a pass has seen it so: the proxies have time to let go of it.
  if (canary !== undefined && weight === 0 && weightOf(canary) === 0) {
    const { uid } = canary.metadata;
    return [{ change: { type: 'delete', ref, ...(uid === undefined ? {} : { uid }), why: `Mapping ${ref.name} has no more requests` }, notes: [] }];
  }
  const message = `Canary Mapping \`${ref.name}\` set to weight '${weight}'`;
  const notes = [{ type: 'Normal' as const, reason: 'CanaryMappingWeightUpdate', message }];
  const spec = { ...specOf(base), service, weight };
  if (canary === undefined) {
    const metadata = { name: ref.name, namespace: ref.namespace, ownerReferences: [ownerOf(rollout)] };
    return [{ change: { type: 'create', ref, object: { apiVersion: base.apiVersion, kind: base.kind, metadata, spec }, why }, notes }];
  }
  // One that the incumbent has made belongs to nobody, and would outlive the rollout.
  const ownerReferences = isOwnedBy(canary, rollout) ? canary.metadata.ownerReferences : [...(canary.metadata.ownerReferences ?? []), ownerOf(rollout)];
  const metadata = { ...canary.metadata, ...(ownerReferences === undefined ? {} : { ownerReferences }) };
  const change = writeChange(ref, canary, { ...canary, metadata, spec: { ...specOf(canary), ...spec } }, why);
  return change === undefined ? [] : [{ change, notes }];
}
