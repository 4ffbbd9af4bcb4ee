// The three patch forms applied to a stored object. What comes out is a request body like any other.

import jsonpatch from 'fast-json-patch';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { PatchType } from '../../kinds/change.js';
import type { StructuralSchema } from '../../kinds/structural-schema.js';
import { clone, isRecord } from '../../lib/deep.js';
import { applyMergePatch } from '../../lib/merge-patch.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { ApiStatus } from './api.js';
import { textAt } from './kind.js';
import { METADATA_SCHEMA } from './decode.js';
import { MOST_PATCH_OPERATIONS } from './limits.js';
import { badRequest, failure, tooLarge, unsupportedMediaType } from './status.js';
import { mergeRecord } from './strategic-merge.js';

const STRATEGIC_REFUSED =
  'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';

/** What says where the object is can not be patched. */
export function checkPlace(object: KubeObject, patched: unknown): Result<undefined, ApiStatus> {
  const metadata = isRecord(patched) && isRecord(patched['metadata']) ? patched['metadata'] : {};
  const { name, namespace } = object.metadata;
  if (metadata['name'] !== undefined && metadata['name'] !== name)
    return err(badRequest(`the name of the object (${textAt(metadata, 'name')}) does not match the name on the URL (${name})`));
  if (metadata['namespace'] !== undefined && metadata['namespace'] !== namespace)
    return err(badRequest('the namespace of the provided object does not match the namespace sent on the request'));
  return ok(undefined);
}

/** Of a patch of the status: the patched object without what it does not touch, which a status does not carry over anyway. */
export function statusOf(patched: unknown, object: KubeObject): unknown {
  if (!isRecord(patched)) return patched;
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(patched)) if (ALWAYS_SENT.has(key) || patched[key] !== object[key]) kept[key] = patched[key];
  return kept;
}

const ALWAYS_SENT: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** A failed test or a path that is not there: the real server tells no more than this; the cause is ours. */
const rejected = (why: string): ApiStatus =>
  failure(422, 'Invalid', 'the server rejected our request due to an error in our request', { causes: [{ reason: 'UnexpectedServerResponse', message: why }] });

const OPERATIONS: readonly unknown[] = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

function isOperation(value: unknown): value is jsonpatch.Operation {
  return isRecord(value) && OPERATIONS.includes(value['op']) && typeof value['path'] === 'string';
}

// The library's own messages carry the whole document, which may hold a secret.
function describe(error: unknown, operations: readonly jsonpatch.Operation[]): string {
  const { name, index } = isRecord(error) ? error : {};
  const operation = typeof index === 'number' ? operations[index] : undefined;
  const where = operation === undefined ? '' : ` at ${operation.op} ${operation.path}`;
  return name === 'TEST_OPERATION_FAILED' ? `a test of the JSON patch failed${where}` : `the JSON patch does not apply${where}`;
}

function applyJsonPatch(object: KubeObject, body: unknown): Result<unknown, ApiStatus> {
  if (!Array.isArray(body)) return err(badRequest('error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp'));
  if (body.length > MOST_PATCH_OPERATIONS)
    return err(tooLarge(`The allowed maximum operations in a JSON patch is ${MOST_PATCH_OPERATIONS}, got ${body.length}`));
  const operations: unknown[] = body;
  if (!operations.every(isOperation)) return err(badRequest('error decoding patch: every operation needs an op and a path'));
  // "replace" of what is not there is an error in the real server; the library would add it.
  try {
    return ok(jsonpatch.applyPatch<unknown>(clone(object), clone(operations), true, true, true).newDocument);
  } catch (error) {
    return err(rejected(describe(error, operations)));
  }
}

export function applyPatch(
  object: KubeObject,
  patchType: PatchType,
  body: unknown,
  schema: StructuralSchema | undefined,
  custom: boolean,
): Result<unknown, ApiStatus> {
  if (patchType === 'json') return applyJsonPatch(object, body);
  if (!isRecord(body))
    return err(
      badRequest(`error decoding patch: json: cannot unmarshal ${Array.isArray(body) ? 'array' : typeof body} into Go value of type map[string]interface {}`),
    );
  if (patchType === 'merge') return ok(applyMergePatch(object, body));
  if (custom) return err(unsupportedMediaType(STRATEGIC_REFUSED));
  return ok(mergeRecord(object, body, { ...schema, properties: { ...schema?.properties, metadata: METADATA_SCHEMA } }));
}
