// A request body becomes a draft of our own: copied, pruned to the schema, and with the unknown fields named.

import { unreachable } from '../../lib/assert.js';
import { clone, isRecord } from '../../lib/deep.js';
import { parseTime } from '../../lib/instant.js';
import { parseQuantity } from '../../lib/quantity.js';
import { err, ok, type Result } from '../../lib/result.js';
import { apiVersionOf } from '../../kinds/resource-type.js';
import type { StructuralSchema } from '../../kinds/structural-schema.js';
import type { ApiStatus } from './api.js';
import { textAt, type Draft, type Kind, type ServedVersion } from './kind.js';
import { badRequest } from './status.js';

const STRING_MAP: StructuralSchema = { type: 'object', additionalProperties: { type: 'string' } };

const STRING: StructuralSchema = { type: 'string' };

/** `ObjectMeta`, the same for every kind. */
export const METADATA_SCHEMA: StructuralSchema = {
  type: 'object',
  properties: {
    name: STRING,
    generateName: STRING,
    namespace: STRING,
    selfLink: STRING,
    uid: STRING,
    resourceVersion: STRING,
    generation: { type: 'integer' },
    creationTimestamp: STRING,
    deletionTimestamp: STRING,
    deletionGracePeriodSeconds: { type: 'integer' },
    labels: STRING_MAP,
    annotations: STRING_MAP,
    ownerReferences: {
      type: 'array',
      'x-kubernetes-patch-merge-key': 'uid',
      'x-kubernetes-patch-strategy': 'merge',
      items: {
        type: 'object',
        properties: { apiVersion: STRING, kind: STRING, name: STRING, uid: STRING, controller: { type: 'boolean' }, blockOwnerDeletion: { type: 'boolean' } },
      },
    },
    finalizers: { type: 'array', items: STRING, 'x-kubernetes-patch-strategy': 'merge' },
    managedFields: { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  },
};

const EMBEDDED: Readonly<Record<string, StructuralSchema>> = { apiVersion: STRING, kind: STRING, metadata: METADATA_SCHEMA };

export type Decoded = {
  readonly draft: Draft;
  /** Paths of fields that the schema does not have; they are gone from the draft. */ readonly unknown: readonly string[];
};

type Findings = { readonly strictTypes: boolean; readonly unknown: string[]; mismatch: string | undefined };

const typeName = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value);

const GO_TYPES: Readonly<Record<string, string>> = {
  integer: 'int32',
  number: 'float64',
  boolean: 'bool',
  string: 'string',
  object: 'map[string]interface {}',
  array: '[]interface {}',
};

function fits(schema: StructuralSchema, value: unknown): boolean {
  if (schema['x-kubernetes-int-or-string'] === true) return typeof value === 'string' || typeof value === 'number';
  switch (schema.type) {
    case undefined:
      return true;
    case 'object':
      return isRecord(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === schema.type;
    default:
      return unreachable(schema.type);
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Of text that stands for something else in Go. What is wrong with bytes is told without them: they may be a secret. */
function unreadable(schema: StructuralSchema, value: string): string | undefined {
  if (schema['x-kubernetes-int-or-string'] === true && schema.pattern !== undefined && parseQuantity(value) === undefined)
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  if (schema.format === 'byte' && !BASE64.test(value.replaceAll(/[\r\n]/g, ''))) return 'illegal base64 data';
  if (schema.format === 'date-time' && parseTime(value) === undefined)
    return `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)}`;
  return undefined;
}

// Built-in kinds are typed structs in the real server: a wrong type fails before any validation. Quantities may be bare numbers.
function noteMismatch(schema: StructuralSchema, value: unknown, path: string, findings: Findings): void {
  if (!findings.strictTypes || findings.mismatch !== undefined) return;
  if (fits(schema, value)) {
    if (typeof value === 'string') findings.mismatch = unreadable(schema, value);
    return;
  }
  if (schema.format === 'quantity' && typeof value === 'number') return;
  findings.mismatch = `json: cannot unmarshal ${typeName(value)} into Go struct field ${path} of type ${GO_TYPES[schema.type ?? 'object'] ?? 'string'}`;
}

/** An empty list or map, which a struct of the real server does not write. */
const isNothing = (schema: StructuralSchema, value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : typeof schema.additionalProperties === 'object' && isRecord(value) && Object.keys(value).length === 0;

function copyRecord(schema: StructuralSchema, value: Readonly<Record<string, unknown>>, path: string, findings: Findings): Record<string, unknown> {
  const { properties, additionalProperties } = schema;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const openBuiltIn = findings.strictTypes && properties === undefined && additionalProperties === undefined;
  const keepUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true || additionalProperties === true || openBuiltIn;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item === undefined || key === '__proto__') continue;
    const inner =
      (embedded ? EMBEDDED[key] : undefined) ??
      (properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined) ??
      (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (inner !== undefined) {
      // A struct of the real server has no null: the field is as if it had not been sent.
      if (findings.strictTypes && (item === null || (isNothing(inner, item) && schema.required?.includes(key) !== true))) continue;
      copy[key] = copyValue(inner, item, path === '' ? key : `${path}.${key}`, findings);
    } else if (keepUnknown) {
      copy[key] = clone(item);
    } else {
      findings.unknown.push(path === '' ? key : `${path}.${key}`);
    }
  }
  return copy;
}

function copyValue(schema: StructuralSchema, value: unknown, path: string, findings: Findings): unknown {
  if (typeof value !== 'object' || value === null) {
    if (value !== null) noteMismatch(schema, value, path, findings);
    return value;
  }
  noteMismatch(schema, value, path, findings);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return clone(value);
    // As Go reads it: a null among structs is an empty one.
    const present = findings.strictTypes && items.type === 'object' ? value.map((item: unknown) => item ?? {}) : value;
    return present.map((item: unknown, index) => copyValue(items, item, `${path}[${index}]`, findings));
  }
  if (schema['x-kubernetes-int-or-string'] === true || (schema.type !== undefined && schema.type !== 'object')) return clone(value);
  return copyRecord(schema, value as Record<string, unknown>, path, findings);
}

const PRESERVE: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

function copyMetadata(value: unknown, findings: Findings): Draft['metadata'] {
  const { managedFields, ...sent } = isRecord(value) ? value : {};
  const copy = copyRecord(METADATA_SCHEMA, sent, 'metadata', findings);
  // Large, and never changed in place: not copied.
  if (Array.isArray(managedFields)) copy['managedFields'] = managedFields;
  delete copy['selfLink'];
  for (const key of Object.keys(copy)) if (copy[key] === null) delete copy[key];
  return { ...copy, name: typeof copy['name'] === 'string' ? copy['name'] : '' };
}

const article = (version: ServedVersion): string => `${version.type.kind} in version "${version.type.version}" cannot be handled as a ${version.type.kind}`;

/** The text with which strict validation names fields; the same for creates, updates and patches. */
export const strictError = (unknown: readonly string[]): string => `strict decoding error: ${unknown.map((field) => `unknown field "${field}"`).join(', ')}`;

export const cannotBeHandled = (version: ServedVersion, why: string): ApiStatus => badRequest(`${article(version)}: ${why}`);

/** Fails with 400 when the body is of another kind or version; with `refuse` when (built-in kinds) a value has the wrong type. */
export function decodeObject(kind: Kind, version: ServedVersion, body: unknown, refuse: (why: string) => ApiStatus): Result<Decoded, ApiStatus> {
  if (!isRecord(body)) return err(cannotBeHandled(version, 'json: the body is not an object'));
  const wantedVersion = apiVersionOf(version.type);
  if (body['apiVersion'] !== undefined && body['apiVersion'] !== wantedVersion) {
    return err(badRequest(`the API version in the data (${textAt(body, 'apiVersion')}) does not match the expected API version (${wantedVersion})`));
  }
  if (body['kind'] !== undefined && body['kind'] !== version.type.kind) {
    return err(badRequest(`${textAt(body, 'kind')} in version "${version.type.version}" cannot be handled as a ${version.type.kind}: the kinds do not match`));
  }
  if (body['metadata'] !== undefined && body['metadata'] !== null && !isRecord(body['metadata']))
    return err(cannotBeHandled(version, 'json: metadata is not an object'));
  const findings: Findings = { strictTypes: !kind.custom, unknown: [], mismatch: undefined };
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = body;
  const draft: Draft = { apiVersion: wantedVersion, kind: version.type.kind, metadata: copyMetadata(metadata, findings) };
  Object.assign(draft, copyRecord(version.schema ?? PRESERVE, rest, '', findings));
  if (findings.mismatch !== undefined) return err(refuse(findings.mismatch));
  return ok({ draft, unknown: findings.unknown });
}
