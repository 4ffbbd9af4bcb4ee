// What a route carries while a canary is under way: a label for those who would put its rules back, the rollouts that are at work on it,
// and the Services of experiments that have a share.

import type { KubeObject, ObjectMeta } from '../../kinds/kube-object.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { Traffic } from '../../kinds/traffic.js';
import { progressMark } from './settings.js';

/** Followed by the rollout: several may share a route. */
const EXPERIMENT_SERVICES = 'gatewayapi-experiments.rollouts.argoproj.io';

const keyOf = ({ metadata }: Rollout): string => `${metadata.namespace ?? ''}/${metadata.name}`;
const experimentsKey = ({ metadata }: Rollout): string => `${EXPERIMENT_SERVICES}/${metadata.name}`;
const listOf = (value: string | undefined): readonly string[] => (value ?? '').split(',').filter((item) => item !== '');

/** Services that this rollout has added to the rules: they leave with their experiment. */
export function formerServices(rollout: Rollout, { metadata }: KubeObject): readonly string[] {
  return listOf(metadata.annotations?.[experimentsKey(rollout)]);
}

export function marked(rollout: Rollout, metadata: ObjectMeta, traffic: Traffic): ObjectMeta {
  const { label, annotation } = progressMark(rollout);
  const busy =
    traffic.weight > 0 || traffic.additional.length > 0 || traffic.managedRoutes === 'keep' || traffic.managedRoutes.some(({ match }) => match.length > 0);
  const others = listOf(metadata.annotations?.[annotation]).filter((other) => other !== keyOf(rollout));
  const active = label === undefined ? others : [...others, ...(busy ? [keyOf(rollout)] : [])].sort();
  const annotations = put(
    put(metadata.annotations, annotation, active.join(',')),
    experimentsKey(rollout),
    traffic.additional.map(({ service }) => service).join(','),
  );
  const labels = label === undefined ? metadata.labels : put(metadata.labels, label.key, active.length > 0 ? label.value : '');
  return { ...metadata, ...(annotations === undefined ? {} : { annotations }), ...(labels === undefined ? {} : { labels }) };
}

/** The entry, or none when the value is empty; the same map when nothing changes. */
function put(map: Readonly<Record<string, string>> | undefined, key: string, value: string): Readonly<Record<string, string>> | undefined {
  if ((map?.[key] ?? '') === value) return map;
  const { [key]: _, ...rest } = map ?? {};
  return value === '' ? rest : { ...rest, [key]: value };
}
