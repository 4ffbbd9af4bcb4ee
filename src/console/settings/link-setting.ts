// Links to other tools, as the settings name them: templates of URLs with fields of a rollout in braces.

import { isRecord } from '../../lib/deep.js';

/** One link of the settings: "Grafana", "https://grafana.example/d/x?var-app={name}". */
export type LinkSetting = { readonly name: string; readonly url: string };

export const LINK_FIELDS = ['context', 'namespace', 'name', 'revision', 'canaryHash', 'stableHash', 'image', 'began'] as const;

export type LinkField = (typeof LINK_FIELDS)[number];

/** A field in braces. */
export const PLACE = /\{([^{}]*)\}/g;

/** A field that is a label or an annotation of the rollout. */
export const LABEL_FIELD = /^(label|annotation):(.+)$/;

/** What is wrong with a template; undefined when nothing is. */
function templateProblem(url: string): string | undefined {
  const unknown = [...url.matchAll(PLACE)]
    .map(([, field = '']) => field)
    .find((field) => !LINK_FIELDS.some((each) => each === field) && !LABEL_FIELD.test(field));
  if (unknown !== undefined) return `has no field {${unknown}}; fields are ${LINK_FIELDS.join(', ')}, label:KEY and annotation:KEY`;
  // What is put in is encoded; what is written here must be so already.
  return /^https?:\/\/[\x21-\x7e]+$/.test(url.replace(PLACE, 'x')) ? undefined : 'must begin with http:// or https:// and hold no blanks';
}

/** What is wrong with the list of the settings file; undefined when nothing is. */
export function linksProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'must be a list of links, each with name and url';
  for (const link of value) {
    const { name, url } = isRecord(link) ? link : { name: undefined, url: undefined };
    const known = isRecord(link) && Object.keys(link).every((field) => field === 'name' || field === 'url');
    if (!known || typeof name !== 'string' || name === '' || typeof url !== 'string') return 'must hold links that have name and url, and nothing else';
    const problem = templateProblem(url);
    if (problem !== undefined) return `has '${name}', whose url ${problem}`;
  }
  return undefined;
}
