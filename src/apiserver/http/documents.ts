// The documents of the server itself: health, version, discovery, OpenAPI. All are answers to GET, made from what is served now.

import { discoveryVersion, encodingOf, parseAccept } from './accept.js';
import type { Catalogue } from './catalogue.js';
import { contentHash } from './content-hash.js';
import { aggregatedDiscovery, apiGroupList, apiGroupOf, apiResourceList, apiVersions } from './discovery.js';
import type { OpenApi } from './openapi/documents.js';
import type { Reply } from './reply.js';
import { JSON_TYPE, jsonReply, pageNotFound, statusReply, textReply } from './reply.js';
import type { RequestPath } from './request-path.js';
import { notAcceptable, unknownPath } from './status.js';
import { versionInfo } from './version.js';

export type DocumentRequest = {
  readonly path: Exclude<RequestPath, { type: 'resource' }>;
  readonly accept: string | undefined;
  /** `If-None-Match`, with which kubectl asks whether what it has is still right. */
  readonly known: string | undefined;
  readonly search: URLSearchParams;
};

const HEALTH = new Set(['healthz', 'livez', 'readyz']);
const DISCOVERY_TYPE = (version: string): string => `${JSON_TYPE};g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;

export function documentReply(request: DocumentRequest, catalogue: Catalogue, openApi: OpenApi, address: string): Reply {
  const { path, known } = request;
  switch (path.type) {
    case 'groups': {
      const version = discoveryVersion(request.accept);
      if (version !== undefined) return tagged(aggregatedDiscovery(catalogue.all(), path.legacy, version), known, DISCOVERY_TYPE(version));
      return acceptsJson(request.accept) ? tagged(path.legacy ? apiVersions(address) : apiGroupList(catalogue.all()), known) : refuse();
    }
    case 'group':
      return found(apiGroupOf(catalogue.all(), path.group), request);
    case 'group-version':
      return found(apiResourceList(catalogue.all(), path.group, path.version), request);
    case 'document':
      return serverDocument(path.parts, request, openApi);
  }
}

function serverDocument(parts: readonly string[], request: DocumentRequest, openApi: OpenApi): Reply {
  const [first = '', second, ...rest] = parts;
  // Single checks (/readyz/ping) are not told apart: the server is one process that runs or does not.
  if (HEALTH.has(first)) return textReply(200, 'ok');
  if (first === 'version' && second === undefined) return jsonReply(200, versionInfo());
  if (first !== 'openapi') return pageNotFound();
  if (second === 'v2' && rest.length === 0) return openApiV2(request, openApi);
  if (second !== 'v3') return statusReply(unknownPath());
  if (!acceptsJson(request.accept)) return refuse();
  if (rest.length === 0) return tagged(openApi.v3Index(), request.known);
  const document = openApi.v3(rest.join('/'));
  if (document === undefined) return statusReply(unknownPath());
  const hash = request.search.get('hash');
  if (hash !== null && hash !== document.hash) {
    return { type: 'whole', code: 301, contentType: 'text/plain', body: '', headers: { Location: `/openapi/v3/${rest.join('/')}?hash=${document.hash}` } };
  }
  if (request.known === quoted(document.hash)) return unchanged(document.hash);
  const lasting: Record<string, string> = hash === null ? {} : { 'Cache-Control': 'public, immutable', Expires: new Date(Date.now() + YEAR_MS).toUTCString() };
  return { type: 'whole', code: 200, contentType: JSON_TYPE, body: document.text, headers: { ETag: quoted(document.hash), ...lasting } };
}

function openApiV2({ accept, known }: DocumentRequest, openApi: OpenApi): Reply {
  const { text, hash } = openApi.v2();
  for (const range of parseAccept(accept)) {
    const protobuf = V2_PROTOBUF_TYPE.test(range.type);
    if (!protobuf && encodingOf(range) !== 'json') continue;
    // The two forms are two contents, so each has its own tag.
    const tag = protobuf ? `${hash}P` : hash;
    if (known === quoted(tag)) return unchanged(tag);
    const headers = { ETag: quoted(tag), Vary: 'Accept' };
    return { type: 'whole', code: 200, contentType: protobuf ? V2_PROTOBUF : JSON_TYPE, body: protobuf ? openApi.v2Protobuf() : text, headers };
  }
  return refuse();
}

// Clients ask with an "@", which is no valid media type: the answer is spelled so that they can read it.
const V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const V2_PROTOBUF_TYPE = /^application\/com\.github\.proto-openapi\.spec\.v2[@.]v1\.0\+protobuf$/;

const YEAR_MS = 365 * 24 * 3_600_000;

function found(value: unknown, request: DocumentRequest): Reply {
  if (value === undefined) return pageNotFound();
  return acceptsJson(request.accept) ? tagged(value, request.known) : refuse();
}

const refuse = (): Reply => statusReply(notAcceptable([JSON_TYPE]));

/** kubectl 1.27 to 1.33 name some documents by types of their own (`application/json;type=openapi.v3+json`, `…+json`). */
function acceptsJson(accept: string | undefined): boolean {
  return parseAccept(accept).some((range) => encodingOf(range) === 'json' || range.type.endsWith('+json'));
}

/** Whole, or 304 when the client has it already. */
function tagged(value: unknown, known: string | undefined, contentType = JSON_TYPE): Reply {
  const body = JSON.stringify(value);
  const hash = contentHash(body);
  if (known === quoted(hash)) return unchanged(hash);
  return { type: 'whole', code: 200, contentType, body, headers: { ETag: quoted(hash), 'Cache-Control': 'public', Vary: 'Accept' } };
}

const unchanged = (hash: string): Reply => ({ type: 'whole', code: 304, contentType: JSON_TYPE, body: '', headers: { ETag: quoted(hash), Vary: 'Accept' } });

const quoted = (hash: string): string => `"${hash}"`;
