// The scale subresource: one number of replicas, wherever the kind keeps it.

import type { KubeObject } from '../../kinds/kube-object.js';
import { apiVersionOf, type ResourceType } from '../../kinds/resource-type.js';
import { isRecord } from '../../lib/deep.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { ApiStatus } from './api.js';
import { textAt, type Draft, type ScalePaths } from './kind.js';
import { formatLabelSelector } from '../../kinds/label-selector-text.js';
import { badRequest, failure, invalid, invalidValue, type FieldError } from './status.js';

function read(object: unknown, path: string): unknown {
  let value = object;
  for (const key of path.split('.').filter((part) => part !== '')) value = isRecord(value) ? value[key] : undefined;
  return value;
}

function write(draft: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split('.').filter((part) => part !== '');
  let holder = draft;
  for (const key of keys.slice(0, -1)) {
    const inner = holder[key];
    const copy: Record<string, unknown> = isRecord(inner) ? { ...inner } : {};
    holder[key] = copy;
    holder = copy;
  }
  holder[keys.at(-1) ?? ''] = value;
}

const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

function selectorText(object: KubeObject, paths: ScalePaths): string | undefined {
  const value = paths.selector === undefined ? undefined : read(object, paths.selector);
  if (typeof value === 'string') return value;
  return isRecord(value) ? formatLabelSelector(value) : undefined;
}

/** Replicas of a custom resource that no Scale could tell of. */
export function replicasFault(draft: Draft, { specReplicas }: ScalePaths): FieldError | undefined {
  const value = read(draft, specReplicas);
  if (value === undefined || value === null || (typeof value === 'number' && Number.isInteger(value))) return undefined;
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return invalidValue(specReplicas, 0, `${specReplicas} accessor error: ${shown} is of the type ${goType(value)}, expected int64`);
}

const goType = (value: unknown): string => {
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  return typeof value === 'number' ? 'float64' : typeof value === 'boolean' ? 'bool' : 'string';
};

/** The `Scale` of the object. Custom resources without replicas are refused, as the real server does. */
export function scaleOf(object: KubeObject, paths: ScalePaths): Result<KubeObject, ApiStatus> {
  const replicas = read(object, paths.specReplicas);
  if (replicas === undefined)
    return err(failure(500, 'InternalError', `Internal error occurred: the spec replicas field "${paths.specReplicas}" does not exist`));
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = selectorText(object, paths);
  return ok({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: count(replicas) === 0 ? {} : { replicas: count(replicas) },
    status: { replicas: count(read(object, paths.statusReplicas)), ...(selector === undefined ? {} : { selector }) },
  });
}

/** What an applied `Scale` says, as it would be applied to the object itself. */
export function scaledConfig(type: ResourceType, paths: ScalePaths, scale: unknown): Draft {
  const config: Draft = { apiVersion: apiVersionOf(type), kind: type.kind, metadata: { name: '' } };
  const replicas = read(scale, '.spec.replicas');
  if (replicas !== undefined) write(config, paths.specReplicas, replicas);
  return config;
}

/** The object (`custom`: the type of a custom resource) with the replicas that a `Scale` asks for; the scale's own resourceVersion and uid stay as preconditions. */
export function applyScale(object: KubeObject, paths: ScalePaths, scale: unknown, custom: ResourceType | undefined): Result<Draft, ApiStatus> {
  if (!isRecord(scale)) return err(badRequest('the body is not a Scale'));
  if (scale['kind'] !== undefined && scale['kind'] !== 'Scale') return err(badRequest(`${textAt(scale, 'kind')} can not be handled as a Scale`));
  const replicas = read(scale, '.spec.replicas') ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) {
    return err(badRequest('Scale in version "v1" cannot be handled as a Scale: json: spec.replicas is not a whole number'));
  }
  if (replicas < 0 && custom !== undefined)
    return err(invalid(custom, object.metadata.name, [invalidValue(paths.specReplicas, replicas, 'should be a non-negative integer')]));
  if (replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    return err(
      failure(422, 'Invalid', `Scale.autoscaling "${object.metadata.name}" is invalid: spec.replicas: ${message}`, {
        name: object.metadata.name,
        group: 'autoscaling',
        kind: 'Scale',
        causes: [{ reason: 'FieldValueInvalid', field: 'spec.replicas', message }],
      }),
    );
  }
  const draft: Draft = { ...object, metadata: { ...object.metadata } };
  const { resourceVersion, uid } = isRecord(scale['metadata']) ? scale['metadata'] : {};
  if (typeof resourceVersion === 'string' && resourceVersion !== '') draft.metadata.resourceVersion = resourceVersion;
  if (typeof uid === 'string' && uid !== '') draft.metadata.uid = uid;
  write(draft, paths.specReplicas, replicas);
  return ok(draft);
}
