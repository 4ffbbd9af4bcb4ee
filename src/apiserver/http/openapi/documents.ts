// The OpenAPI documents: version 3, one for each group and version with an index of their hashes, and version 2 in one piece.
// Made when first asked for, and again when what is served has changed.

import type { Catalogue, ServedType } from '../catalogue.js';
import { contentHash } from '../content-hash.js';
import { definitionsOf } from './definitions.js';
import type { Operation, Parameter } from './operations.js';
import { operationsOf } from './operations.js';
import { SERVED_REVIEWS } from './reviews.js';
import { encodeOpenApiV2 } from './v2-protobuf.js';

export type OpenApiDocument = { readonly text: string; readonly hash: string };

export interface OpenApi {
  v2(): OpenApiDocument;
  /** The same in protobuf. */
  v2Protobuf(): Buffer;
  v3Index(): unknown;
  /** By the key of the index: "api/v1", "apis/apps/v1". */
  v3(key: string): OpenApiDocument | undefined;
}

const TITLE = { title: 'Sluice', version: 'v1' };
const SCHEMAS_V3 = '#/components/schemas/';
const SCHEMAS_V2 = '#/definitions/';

export function createOpenApi(catalogue: Catalogue): OpenApi {
  let edition = 0;
  let documents = new Map<string, OpenApiDocument>();
  let second: { readonly json: OpenApiDocument; readonly document: Readonly<Record<string, unknown>>; protobuf: Buffer | undefined } | undefined;
  const refresh = (): void => {
    if (catalogue.edition() === edition) return;
    edition = catalogue.edition();
    second = undefined;
    documents = new Map(
      byGroupVersion([...catalogue.all(), ...SERVED_REVIEWS]).map(([key, served]) => {
        const text = JSON.stringify(documentV3(served));
        return [key, { text, hash: contentHash(text) }];
      }),
    );
  };
  const v2 = (): NonNullable<typeof second> => {
    refresh();
    if (second !== undefined) return second;
    const document = documentV2([...catalogue.all(), ...SERVED_REVIEWS]);
    const text = JSON.stringify(document);
    second = { json: { text, hash: contentHash(text) }, document, protobuf: undefined };
    return second;
  };
  return {
    v2: () => v2().json,
    v2Protobuf: () => {
      const made = v2();
      made.protobuf ??= encodeOpenApiV2(made.document);
      return made.protobuf;
    },
    v3Index: () => {
      refresh();
      return { paths: Object.fromEntries([...documents].map(([key, { hash }]) => [key, { serverRelativeURL: `/openapi/v3/${key}?hash=${hash}` }])) };
    },
    v3: (key) => {
      refresh();
      return documents.get(key);
    },
  };
}

function byGroupVersion(all: readonly ServedType[]): readonly (readonly [string, readonly ServedType[]])[] {
  const keyOf = ({ type }: ServedType): string => (type.group === '' ? `api/${type.version}` : `apis/${type.group}/${type.version}`);
  return [...new Set(all.map(keyOf))].map((key) => [key, all.filter((served) => keyOf(served) === key)] as const);
}

function documentV3(served: readonly ServedType[]): unknown {
  return {
    openapi: '3.0.0',
    info: TITLE,
    paths: pathsOf(served, (operation) => ({
      ...described(operation),
      parameters: operation.parameters.map(({ type, ...parameter }) => ({ ...parameter, schema: { type, uniqueItems: true } })),
      ...(operation.body === undefined
        ? {}
        : { requestBody: { required: operation.method !== 'delete', content: contents(operation.body.types, operation.body.schema) } }),
      responses: { 200: { description: 'OK', content: contents(['application/json'], operation.answer) } },
    })),
    components: { schemas: definitionsOf(served, SCHEMAS_V3) },
  };
}

function contents(types: readonly string[], schema: string): unknown {
  return Object.fromEntries(types.map((type) => [type, { schema: { $ref: `${SCHEMAS_V3}${schema}` } }]));
}

function documentV2(served: readonly ServedType[]): Readonly<Record<string, unknown>> {
  const asParameter = (parameter: Parameter): unknown => ({ ...parameter, uniqueItems: true });
  return {
    swagger: '2.0',
    info: TITLE,
    paths: pathsOf(served, (operation) => ({
      ...described(operation),
      ...(operation.body === undefined ? {} : { consumes: operation.body.types }),
      produces: ['application/json'],
      parameters: [
        ...operation.parameters.map(asParameter),
        ...(operation.body === undefined
          ? []
          : [{ name: 'body', in: 'body', required: operation.method !== 'delete', schema: { $ref: `${SCHEMAS_V2}${operation.body.schema}` } }]),
      ],
      responses: { 200: { description: 'OK', schema: { $ref: `${SCHEMAS_V2}${operation.answer}` } } },
    })),
    definitions: definitionsOf(served, SCHEMAS_V2),
  };
}

function described({ method, path, action, kind }: Operation): Record<string, unknown> {
  return { operationId: `${method}${path.replaceAll(/[^A-Za-z0-9]+/g, '_')}`, 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': kind };
}

function pathsOf(served: readonly ServedType[], write: (operation: Operation) => unknown): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of served.flatMap(operationsOf)) (paths[operation.path] ??= {})[operation.method] = write(operation);
  return paths;
}
