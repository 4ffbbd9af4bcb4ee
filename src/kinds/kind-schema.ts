// What the spec and the status of a kind of ours stand in: the object with its version, kind and metadata.

import { raw } from './schema.js';
import type { Schema } from './schema.js';
import type { StructuralSchema } from './structural-schema.js';

/** The schema of whole objects; metadata is checked by the server itself. The spec is required, as in Argo's CRDs. */
export function wholeObject<T>(spec: Schema<unknown>, status?: Schema<unknown>): Schema<T> {
  let made: StructuralSchema | undefined;
  return raw(() => {
    made ??= {
      type: 'object',
      required: ['spec'],
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: { type: 'object' },
        spec: spec.structural(),
        ...(status === undefined ? {} : { status: status.structural() }),
      },
    };
    return made;
  });
}
