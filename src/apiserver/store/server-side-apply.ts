// Server-side apply: from what a manager wants (and wants no longer) to the whole object and its owners.

import type { KubeObject } from '../../kinds/kube-object.js';
import { isRecord } from '../../lib/deep.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { ApiOptions, ApiStatus } from './api.js';
import { mergeApplied, pruneApplied } from './apply-merge.js';
import { MEMBER, union, type FieldSet } from './field-set.js';
import { textAt, type Draft, type ServedVersion } from './kind.js';
import { settleConflicts, trackApply, wholeSchema, type ManagedEntry, type Writer } from './managed-fields.js';
import { badRequest, forbiddenField, invalidOptions, requiredValue } from './status.js';

/** What must hold of the options of a patch: an apply names its manager, nothing else is forced. */
export function checkPatchOptions(options: ApiOptions, isApply: boolean): Result<undefined, ApiStatus> {
  if (isApply && (options.fieldManager ?? '') === '')
    return err(invalidOptions('PatchOptions', [requiredValue('fieldManager', 'is required for apply patch')]));
  if (!isApply && options.force !== undefined)
    return err(invalidOptions('PatchOptions', [forbiddenField('force', 'may not be specified for non-apply patch')]));
  return ok(undefined);
}

/** What must hold of the body beyond any other body. */
export function checkApplied(version: ServedVersion, body: unknown, name: string): Result<Record<string, unknown>, ApiStatus> {
  if (!isRecord(body)) return err(badRequest('error decoding YAML: the configuration that is applied is not an object'));
  const [apiVersion, kind] = [textAt(body, 'apiVersion'), textAt(body, 'kind')];
  if (apiVersion === '' || kind === '')
    return err(badRequest(`invalid object type: ${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`));
  const metadata = isRecord(body['metadata']) ? body['metadata'] : {};
  if (Array.isArray(metadata['managedFields']) && metadata['managedFields'].length > 0) return err(badRequest('metadata.managedFields must be nil'));
  if (typeof metadata['name'] === 'string' && metadata['name'] !== name) {
    return err(badRequest(`the name of the object (${metadata['name']}) does not match the name on the URL (${name})`));
  }
  return ok(body);
}

/** The part of what is applied that the subresource lets through. */
function letThrough(version: ServedVersion, config: Draft, subresource: string): Readonly<Record<string, unknown>> {
  if (subresource !== 'status') {
    if (!version.hasStatus) return config;
    const { status: _status, ...rest } = config;
    return rest;
  }
  return config['status'] === undefined ? {} : { status: config['status'] };
}

/** Nobody owns the name, and the metadata that holds it does not fall away. */
const ALWAYS_KEPT: FieldSet = { 'f:metadata': { 'f:name': MEMBER } };

export type ApplyPlan = { readonly object: Readonly<Record<string, unknown>>; readonly entries: readonly ManagedEntry[] };

/** Without a live object: what is applied is all there is. 409 when others own what would change. */
export function planApply(version: ServedVersion, live: KubeObject | undefined, config: Draft, writer: Writer, force: boolean): Result<ApplyPlan, ApiStatus> {
  const wanted = letThrough(version, config, writer.subresource);
  const { last, entries } = trackApply(version.schema, live, wanted, writer);
  if (live === undefined) return ok({ object: config, entries });
  const whole = wholeSchema(version.schema);
  const merged = mergeApplied(whole, live, wanted);
  let kept: FieldSet | undefined = ALWAYS_KEPT;
  for (const entry of entries) kept = union(kept, entry.fieldsV1);
  const next = last === undefined ? merged : pruneApplied(whole, merged, last, kept);
  const object = { ...(next as Record<string, unknown>), apiVersion: live.apiVersion, kind: live.kind };
  const settled = settleConflicts(version.schema, live, object, entries, writer, force);
  return settled.ok ? ok({ object, entries: settled.value }) : settled;
}
