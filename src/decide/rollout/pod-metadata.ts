// Labels and annotations that an engine puts on a version's pods: the record of them, putting them in, taking them out.

import { EPHEMERAL_METADATA } from '../../kinds/labels.js';
import type { PodTemplateSpec } from '../../kinds/pod-template.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import { isRecord } from '../../lib/deep.js';

export type Texts = Readonly<Record<string, string>>;

export type PodMetadata = { readonly labels: Texts; readonly annotations: Texts };

export const NO_METADATA: PodMetadata = { labels: {}, annotations: {} };

const texts = (value: unknown): Texts => (isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)])) : {});

/** What an engine has put on the set's pods, by its own record. */
export function recordedMetadata(set: ReplicaSet): PodMetadata {
  const record = set.metadata.annotations?.[EPHEMERAL_METADATA];
  if (record === undefined) return NO_METADATA;
  try {
    const value: unknown = JSON.parse(record);
    return isRecord(value) ? { labels: texts(value['labels']), annotations: texts(value['annotations']) } : NO_METADATA;
  } catch {
    // A record that nobody can read is as good as none; it is written anew with the next change.
    return NO_METADATA;
  }
}

/** The record as Argo writes it: sorted keys, labels first. Undefined when there is nothing to record. */
export function writeRecord(metadata: PodMetadata): string | undefined {
  const sorted = (map: Texts): Texts => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
  const record = {
    ...(Object.keys(metadata.labels).length === 0 ? {} : { labels: sorted(metadata.labels) }),
    ...(Object.keys(metadata.annotations).length === 0 ? {} : { annotations: sorted(metadata.annotations) }),
  };
  return Object.keys(record).length === 0 ? undefined : JSON.stringify(record);
}

export function addMetadata(template: PodTemplateSpec, metadata: PodMetadata): PodTemplateSpec {
  if (writeRecord(metadata) === undefined) return template;
  const meta = template.metadata ?? {};
  return {
    ...template,
    metadata: {
      ...meta,
      ...(Object.keys(metadata.labels).length === 0 ? {} : { labels: { ...meta.labels, ...metadata.labels } }),
      ...(Object.keys(metadata.annotations).length === 0 ? {} : { annotations: { ...meta.annotations, ...metadata.annotations } }),
    },
  };
}

export function removeMetadata(template: PodTemplateSpec, metadata: PodMetadata): PodTemplateSpec {
  if (writeRecord(metadata) === undefined) return template;
  const without = (map: Texts | undefined, gone: Texts): Texts => Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => gone[key] === undefined));
  return {
    ...template,
    metadata: {
      ...template.metadata,
      labels: without(template.metadata?.labels, metadata.labels),
      annotations: without(template.metadata?.annotations, metadata.annotations),
    },
  };
}
