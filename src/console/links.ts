// Links to other tools about one rollout: the templates of the settings, with its fields put in.

import { type ClusterIndex, setWithHash } from './board.js';
import type { RolloutFacts } from './facts.js';
import { timeAt } from '../lib/read.js';
import { LABEL_FIELD, type LinkField, type LinkSetting, PLACE } from './settings/link-setting.js';
import { imageWords } from './tree.js';

type LinkSight = { readonly facts: RolloutFacts; readonly index: ClusterIndex };

const canarySet = ({ facts, index }: LinkSight): ReturnType<typeof setWithHash> => setWithHash(index, facts, facts.canaryHash);

/** Undefined: the rollout has no such thing. */
const FIELDS: Readonly<Record<LinkField, (sight: LinkSight) => string | undefined>> = {
  context: ({ facts }) => facts.cluster,
  namespace: ({ facts }) => facts.namespace,
  name: ({ facts }) => facts.name,
  revision: ({ facts }) => facts.revision,
  canaryHash: ({ facts }) => facts.canaryHash,
  stableHash: ({ facts }) => facts.stableHash,
  image: (sight) => imageWords(canarySet(sight) ?? sight.facts.object),
  /** When the newest revision began, in milliseconds since 1970, as Grafana takes it. */
  began: (sight) => timeAt(canarySet(sight), 'metadata', 'creationTimestamp')?.toString(),
};

function fieldOf(sight: LinkSight, field: string): string {
  const named = LABEL_FIELD.exec(field);
  const { labels = {}, annotations = {} } = sight.facts.object.metadata;
  return (named === null ? FIELDS[field as LinkField](sight) : (named[1] === 'label' ? labels : annotations)[named[2] ?? '']) ?? '';
}

export type Link = { readonly name: string; readonly url: string } | { readonly name: string; readonly missing: string };

/** Every link of the settings, whole, or what the rollout lacks for it. */
export function linksOf(settings: readonly LinkSetting[], sight: LinkSight): readonly Link[] {
  return settings.map(({ name, url }) => {
    const missing = [...url.matchAll(PLACE)].map(([, field = '']) => field).find((field) => fieldOf(sight, field) === '');
    if (missing !== undefined) return { name, missing };
    return { name, url: url.replace(PLACE, (_place, field: string) => encodeURIComponent(fieldOf(sight, field))) };
  });
}
