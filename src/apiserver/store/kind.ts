// What the store knows of one kind: the versions in which it is served, and the rules beyond its schema.

import type { KubeObject, ObjectMeta } from '../../kinds/kube-object.js';
import type { ResourceType } from '../../kinds/resource-type.js';
import type { StructuralSchema } from '../../kinds/structural-schema.js';
import type { Instant } from '../../lib/instant.js';
import type { FieldError } from './status.js';

/** An object on its way into the store, still ours alone to change. */
export type Draft = {
  apiVersion: string;
  kind: string;
  metadata: { -readonly [Key in keyof ObjectMeta]: ObjectMeta[Key] };
  [field: string]: unknown;
};

/** Where a kind keeps its replicas, as dotted paths (".spec.replicas"). */
export type ScalePaths = { readonly specReplicas: string; readonly statusReplicas: string; readonly selector: string | undefined };

export type ServedVersion = {
  readonly type: ResourceType;
  /** Absent: anything goes. */
  readonly schema: StructuralSchema | undefined;
  readonly hasStatus: boolean;
  readonly scale: ScalePaths | undefined;
  /** Of a version whose form is another one than the stored one's. */
  readonly conversion?: { readonly toStored: (draft: Draft) => Draft; readonly fromStored: (object: KubeObject) => KubeObject } | undefined;
};

/** Where a field stands: ["spec", "clusterIP"]. */
export type FieldPath = readonly string[];

/** What the rules of a kind may ask of the store. */
export type RuleContext = { readonly now: Instant; allocateClusterIp(): string; allocateNodePort(): number };

/** What a built-in kind does beyond its schema. Every part may be absent. */
export type KindRules = {
  /** Whether `metadata.generation` counts the changes of this kind. */
  readonly hasGeneration?: boolean;
  /** What the server sets where the creator has not: it is nobody's. */
  readonly serverSet?: readonly FieldPath[];
  /** Whether the status that a new object comes with is kept. */
  readonly keepsStatus?: boolean;
  /** Whether the answer to a deletion is the object, and not the news that it is gone. */
  readonly answersDeleted?: boolean;
  /** What happens to dependents when a deletion does not say. */
  readonly orphansDependents?: boolean;
  /** Whether a PUT of what is not there creates it. */
  readonly createsOnUpdate?: boolean;
  /** Fills in what the real server fills in, after every write. */
  readonly setDefaults?: (draft: Draft, context: RuleContext) => void;
  /** On creation only, before the defaults. */
  readonly prepareCreate?: (draft: Draft, context: RuleContext) => void;
  /** Carries over what an update may leave out, before the defaults. */
  readonly prepareUpdate?: (draft: Draft, old: KubeObject) => void;
  readonly validate?: (draft: Draft, old: KubeObject | undefined) => readonly FieldError[];
  /** Validation that takes a long look: not taken of what the store is made with. */
  readonly inspect?: (draft: Draft) => readonly FieldError[];
  /** What is right, and yet not what its writer may think. */
  readonly warnings?: (draft: Draft) => readonly string[];
  /** Fields by which lists and watches can be filtered, beside metadata.name and metadata.namespace. */
  readonly selectableFields?: Readonly<Record<string, (object: KubeObject) => string>>;
};

export type Kind = {
  /** "rollouts.argoproj.io", "pods": the same for all versions. */
  readonly key: string;
  /** Installed by a CustomResourceDefinition. */
  readonly custom: boolean;
  readonly storage: ServedVersion;
  /** Served versions by name. */
  readonly versions: ReadonlyMap<string, ServedVersion>;
  readonly rules: KindRules;
};

export const kindKey = (group: string, plural: string): string => (group === '' ? plural : `${plural}.${group}`);

/** The record at that key, or an empty one: for reading through fields that may be absent. */
export function recordAt(holder: unknown, key: string): Readonly<Record<string, unknown>> {
  const value = typeof holder === 'object' && holder !== null ? (holder as Record<string, unknown>)[key] : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The list at that key, or an empty one. */
export function listAt(holder: unknown, key: string): readonly unknown[] {
  const value = typeof holder === 'object' && holder !== null ? (holder as Record<string, unknown>)[key] : undefined;
  return Array.isArray(value) ? value : [];
}

/** The text at that key, or "". */
export function textAt(holder: unknown, key: string): string {
  const value = typeof holder === 'object' && holder !== null ? (holder as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : '';
}
