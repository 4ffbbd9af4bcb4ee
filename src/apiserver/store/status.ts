// The `Status` answers, worded as the real server words them: clients and people match on these texts.

import type { KubeObject } from '../../kinds/kube-object.js';
import type { ResourceType } from '../../kinds/resource-type.js';
import type { ApiStatus } from './api.js';
import { MOST_CAUSES } from './limits.js';

type Details = NonNullable<ApiStatus['details']>;

/** One thing that is wrong with one field; `message` is what stands behind "field: ". */
export type FieldError = { readonly reason: string; readonly field: string; readonly message: string };

export function failure(code: number, reason: string, message: string, details?: Details): ApiStatus {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...(details === undefined ? {} : { details }), code };
}

/** "rollouts.argoproj.io", "pods": how messages name a resource. */
export function resourceName(type: ResourceType): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`;
}

const kindName = (type: ResourceType): string => (type.group === '' ? type.kind : `${type.kind}.${type.group}`);

const about = (type: ResourceType, name: string): Details => ({ name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural });

export const noSuchResource = (): ApiStatus => failure(404, 'NotFound', 'the server could not find the requested resource', {});

export const notFound = (type: ResourceType, name: string): ApiStatus =>
  failure(404, 'NotFound', `${resourceName(type)} "${name}" not found`, about(type, name));

export const alreadyExists = (type: ResourceType, name: string): ApiStatus =>
  failure(409, 'AlreadyExists', `${resourceName(type)} "${name}" already exists`, about(type, name));

export const conflict = (type: ResourceType, name: string, why: string): ApiStatus =>
  failure(409, 'Conflict', `Operation cannot be fulfilled on ${resourceName(type)} "${name}": ${why}`, about(type, name));

export const badRequest = (message: string): ApiStatus => failure(400, 'BadRequest', message);

export const unsupportedMediaType = (message: string): ApiStatus => failure(415, 'UnsupportedMediaType', message);

export const methodNotAllowed = (type: ResourceType, verb: string): ApiStatus =>
  failure(405, 'MethodNotAllowed', `${verb} is not supported on resources of kind "${resourceName(type)}"`, about(type, ''));

export const tooLarge = (message: string): ApiStatus => failure(413, 'RequestEntityTooLarge', message);

export const expired = (message: string): ApiStatus => failure(410, 'Expired', message);

export const tooNew = (asked: number, newest: number): ApiStatus =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${newest}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

export function forbidden(
  type: ResourceType,
  name: string,
  why: string,
  cause?: { readonly reason: string; readonly message: string; readonly field: string },
): ApiStatus {
  return failure(403, 'Forbidden', `${resourceName(type)} "${name}" is forbidden: ${why}`, {
    ...about(type, name),
    ...(cause === undefined ? {} : { causes: [cause] }),
  });
}

function invalidAs(kind: string, details: Details, name: string, errors: readonly FieldError[]): ApiStatus {
  const shown = errors.slice(0, MOST_CAUSES);
  const texts = [...new Set(shown.map((error) => `${error.field}: ${error.message}`))];
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const { name: named, ...rest } = details;
  return failure(422, 'Invalid', `${kind} "${name}" is invalid: ${text}`, {
    ...(named === undefined || named === '' ? {} : { name: named }),
    ...rest,
    causes: shown.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}

export const invalid = (type: ResourceType, name: string, errors: readonly FieldError[]): ApiStatus =>
  invalidAs(kindName(type), { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.kind }, name, errors);

/** Of the stored resource rather than of its kind: the real server names the plural in this one place. */
export const invalidResource = (type: ResourceType, name: string, errors: readonly FieldError[]): ApiStatus =>
  invalidAs(resourceName(type), about(type, name), name, errors);

/** What a deletion asks for is not what is there; the kind is named where other conflicts name the plural. */
export const preconditionFailed = (type: ResourceType, name: string, why: string): ApiStatus =>
  failure(409, 'Conflict', `Operation cannot be fulfilled on ${kindName(type)} "${name}": ${why}`, { ...about(type, name), kind: type.kind });

export const wrongRevision = (asked: string): string => `resourceVersion: Invalid value: "${asked}": strconv.ParseUint: parsing "${asked}": invalid syntax`;

/** Of the options of a request: "ListOptions", "PatchOptions". */
export const invalidOptions = (kind: string, errors: readonly FieldError[]): ApiStatus =>
  invalidAs(`${kind}.meta.k8s.io`, { group: 'meta.k8s.io', kind }, '', errors);

/** What is wrong with a patch is told without a kind or a name. */
export const invalidPatch = (patched: string, why: string): ApiStatus =>
  invalidAs('', {}, '', [{ reason: 'FieldValueInvalid', field: 'patch', message: `Invalid value: ${JSON.stringify(patched)}: ${why}` }]);

const shownValue = (value: unknown): string => (value === undefined ? 'null' : JSON.stringify(value));

export const invalidValue = (field: string, value: unknown, why: string): FieldError => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${shownValue(value)}: ${why}`,
});

export const wrongType = (field: string, actual: string, wanted: string): FieldError => ({
  reason: 'FieldValueTypeInvalid',
  field,
  message: `Invalid value: "${actual}": ${field} in body must be of type ${wanted}: "${actual}"`,
});

export const requiredValue = (field: string, why = ''): FieldError => ({
  reason: 'FieldValueRequired',
  field,
  message: why === '' ? 'Required value' : `Required value: ${why}`,
});

export const notFoundValue = (field: string, value: unknown): FieldError => ({
  reason: 'FieldValueNotFound',
  field,
  message: `Not found: ${shownValue(value)}`,
});

export const unsupportedValue = (field: string, value: unknown, supported: readonly unknown[]): FieldError => ({
  reason: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${shownValue(value)}: supported values: ${supported.map(shownValue).join(', ')}`,
});

export const duplicateValue = (field: string, value: unknown): FieldError => ({
  reason: 'FieldValueDuplicate',
  field,
  message: `Duplicate value: ${shownValue(value)}`,
});

export const forbiddenField = (field: string, why: string): FieldError => ({ reason: 'FieldValueForbidden', field, message: `Forbidden: ${why}` });

export const tooLong = (field: string, mostBytes: number): FieldError => ({
  reason: 'FieldValueTooLong',
  field,
  message: `Too long: may not be more than ${mostBytes} bytes`,
});

/** What is wrong with metadata the real server tells twice among the causes, and once in the message. */
export const twice = (errors: readonly FieldError[]): readonly FieldError[] => errors.flatMap((error) => [error, error]);

export const tooMany = (field: string, count: number, most: number): FieldError => ({
  reason: 'FieldValueTooMany',
  field,
  message: `Too many: ${count}: must have at most ${most} items`,
});

/** What the real server answers when nothing of the object is left. */
export function deletedStatus(type: ResourceType, object: KubeObject): KubeObject {
  const { name, uid } = object.metadata;
  const details = { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural, ...(uid === undefined ? {} : { uid }) };
  // A Status has no name of its own; its metadata is empty on the wire.
  return { kind: 'Status', apiVersion: 'v1', metadata: {} as KubeObject['metadata'], status: 'Success', details };
}
