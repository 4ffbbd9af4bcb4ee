// `application/vnd.kubernetes.protobuf`: four magic bytes, then a `runtime.Unknown` that names the kind and holds its message.

import { KIND_STRUCTS } from '../../../kinds/built-in-fields.js';
import type { Result } from '../../../lib/result.js';
import { err, ok } from '../../../lib/result.js';
import type { ApiStatus } from '../../store/api.js';
import { badRequest, unsupportedMediaType } from '../status.js';
import { decodeMessage } from './decode.js';
import { readFields } from './wire.js';

const MAGIC = Buffer.from('k8s\0');
const READABLE_TYPES = ['application/json', 'application/yaml'];

/** The JSON form of the object, or 415 when its kind is not known here. */
export function decodeProtobuf(bytes: Buffer): Result<unknown, ApiStatus> {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return err(badRequest('the body does not begin as a Kubernetes protobuf message does'));
  const envelope = fieldsOf(bytes.subarray(MAGIC.length));
  const typeMeta = fieldsOf(envelope?.get(1));
  const raw = envelope?.get(2);
  if (typeMeta === undefined || !Buffer.isBuffer(raw)) return err(badRequest('the body is not a Kubernetes protobuf message'));
  const apiVersion = typeMeta.get(1)?.toString() ?? '';
  const kind = typeMeta.get(2)?.toString() ?? '';
  // Every group has its own DeleteOptions, all of one form.
  const struct = KIND_STRUCTS[kind === 'DeleteOptions' ? 'v1/DeleteOptions' : `${apiVersion}/${kind}`];
  if (struct === undefined) return err(unsupportedMediaType(READABLE_TYPES, `${apiVersion} ${kind} is not read from protobuf: send JSON (kubectl apply -f)`));
  const decoded = decodeMessage(raw, struct, kind);
  if (!decoded.ok) return err(badRequest(decoded.error));
  return ok({ apiVersion, kind, ...decoded.value });
}

function fieldsOf(bytes: bigint | Buffer | undefined): ReadonlyMap<number, bigint | Buffer> | undefined {
  const fields = Buffer.isBuffer(bytes) ? readFields(bytes) : undefined;
  return fields && new Map(fields.map(({ number, value }) => [number, value]));
}
