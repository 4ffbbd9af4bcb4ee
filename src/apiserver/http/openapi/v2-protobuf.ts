// OpenAPI version 2 in protobuf (field numbers of gnostic's published OpenAPIv2.proto): kubectl 1.27 and 1.28 apply and
// explain nothing before they have read it, and newer ones ask for it when they patch.

import { isRecord } from '../../../lib/deep.js';
import { doubleField, listField, messageField, textField, truthField, wholeField } from '../protobuf/write.js';

type Json = Readonly<Record<string, unknown>>;

const EMPTY: Json = {};
const NO_BYTES = Buffer.alloc(0);
const record = (value: unknown): Json => (isRecord(value) ? value : EMPTY);
const text = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : '');

/** The document as JSON in, as bytes out. What version 2 has no words for (nullable, anyOf, …) is left out. */
export function encodeOpenApiV2(document: Json): Buffer {
  const info = record(document['info']);
  const paths = Object.entries(record(document['paths'])).map(([name, item]) => messageField(2, textField(1, name), messageField(2, pathItem(record(item)))));
  return Buffer.concat([
    textField(1, document['swagger']),
    messageField(2, textField(1, info['title']), textField(2, info['version'])),
    messageField(8, ...paths),
    messageField(9, namedSchemas(record(document['definitions']))),
  ]);
}

/** Anything as YAML, of which JSON is a part. */
const anything = (value: unknown): Buffer => textField(2, JSON.stringify(value));

/** Fields whose name begins with `x-`. */
function extensions(number: number, from: Json): Buffer {
  const found = Object.entries(from).filter(([name, value]) => name.startsWith('x-') && value !== undefined);
  return Buffer.concat(found.map(([name, value]) => messageField(number, textField(1, name), messageField(2, anything(value)))));
}

function namedSchemas(schemas: Json): Buffer {
  return Buffer.concat(Object.entries(schemas).map(([name, value]) => messageField(1, textField(1, name), messageField(2, schema(record(value))))));
}

function schema(from: Json): Buffer {
  const additional = from['additionalProperties'];
  return Buffer.concat([
    textField(1, from['$ref']),
    textField(2, from['format']),
    textField(4, from['description']),
    from['default'] === undefined ? NO_BYTES : messageField(5, anything(from['default'])),
    doubleField(7, from['maximum']),
    truthField(8, from['exclusiveMaximum']),
    doubleField(9, from['minimum']),
    truthField(10, from['exclusiveMinimum']),
    wholeField(11, from['maxLength']),
    wholeField(12, from['minLength']),
    textField(13, from['pattern']),
    wholeField(14, from['maxItems']),
    wholeField(15, from['minItems']),
    truthField(16, from['uniqueItems']),
    listField(19, from['required'], text),
    listField(20, from['enum'], anything),
    isRecord(additional) ? messageField(21, messageField(1, schema(additional))) : NO_BYTES,
    additional === true ? messageField(21, truthField(2, true)) : NO_BYTES,
    typeof from['type'] === 'string' ? messageField(22, textField(1, from['type'])) : NO_BYTES,
    isRecord(from['items']) ? messageField(23, messageField(1, schema(from['items']))) : NO_BYTES,
    listField(24, from['allOf'], (part) => schema(record(part))),
    isRecord(from['properties']) ? messageField(25, namedSchemas(from['properties'])) : NO_BYTES,
    extensions(31, from),
  ]);
}

const METHOD_FIELDS: Readonly<Record<string, number>> = { get: 2, put: 3, post: 4, delete: 5, patch: 8 };

function pathItem(item: Json): Buffer {
  return Buffer.concat(
    Object.entries(METHOD_FIELDS).map(([method, number]) => (isRecord(item[method]) ? messageField(number, operation(item[method])) : NO_BYTES)),
  );
}

function operation(from: Json): Buffer {
  const responses = Object.entries(record(from['responses'])).map(([code, value]) =>
    messageField(1, textField(1, code), messageField(2, response(record(value)))),
  );
  return Buffer.concat([
    textField(5, from['operationId']),
    listField(6, from['produces'], text),
    listField(7, from['consumes'], text),
    listField(8, from['parameters'], (value) => messageField(1, parameter(record(value)))),
    messageField(9, ...responses),
    extensions(13, from),
  ]);
}

function response(from: Json): Buffer {
  return messageField(1, textField(1, from['description']), messageField(2, messageField(1, schema(record(from['schema'])))));
}

function parameter(from: Json): Buffer {
  if (from['in'] === 'body') {
    return messageField(1, textField(2, from['name']), textField(3, 'body'), truthField(4, from['required']), messageField(5, schema(record(from['schema']))));
  }
  const common = Buffer.concat([truthField(1, from['required']), textField(2, from['in']), textField(4, from['name'])]);
  // A path parameter has no `allowEmptyValue`, so its type stands one number lower.
  if (from['in'] === 'path') return messageField(2, messageField(4, common, textField(5, from['type'])));
  return messageField(2, messageField(3, common, textField(6, from['type'])));
}
