// A request for objects: decides between review, watch, log and the store's verbs, and answers in the form asked for.

import type { IncomingMessage } from 'node:http';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { PatchType } from '../../kinds/change.js';
import type { ResourceType } from '../../kinds/resource-type.js';
import type { Clock } from '../../lib/clock.js';
import type { Result } from '../../lib/result.js';
import { ok } from '../../lib/result.js';
import type { ApiStatus, ApiStore } from '../store/api.js';
import { chooseForm, OFFERED_TYPES } from './accept.js';
import type { Form } from './accept.js';
import { answerReview, findReview } from './access-reviews.js';
import { authorize, forbiddenAnswer, MASTERS } from './authorize.js';
import type { Catalogue, ServedType } from './catalogue.js';
import { duplicateKeys } from './duplicate-keys.js';
import type { ReadLogs } from './pod-logs.js';
import { logReply } from './pod-logs.js';
import type { Query } from './query-options.js';
import { deleteOptionsOf, parseQuery } from './query-options.js';
import { eventRenderer, renderAnswer } from './render.js';
import type { Reply } from './reply.js';
import { jsonReply, statusReply } from './reply.js';
import { decodeBody, decodeJson, decodeYaml, mediaType, readBody } from './request-body.js';
import type { ResourcePath } from './request-path.js';
import { checkPath, patchTypeOf, toApiRequest } from './resource-request.js';
import { badRequest, methodNotAllowed, notAcceptable, unknownPath } from './status.js';
import { tokenReply } from './token-request.js';
import type { User, Users } from './users.js';
import { watchReply } from './watch-stream.js';

export type ResourceServer = {
  readonly store: ApiStore;
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  readonly readLogs: ReadLogs;
  readonly users: Users;
};

type Asked = { readonly request: IncomingMessage; readonly method: string; readonly path: ResourcePath; readonly search: URLSearchParams; readonly user: User };

/** Undefined when the client went away while it was sending. */
export async function resourceReply(server: ResourceServer, asked: Asked): Promise<Reply | undefined> {
  const { path, method } = asked;
  const review = path.name === undefined && path.namespace === undefined ? findReview(path.group, path.version, path.plural) : undefined;
  if (review !== undefined) return reviewReply(server, asked, review);
  const served = server.catalogue.find(path.group, path.version, path.plural);
  if (served === undefined) return statusReply(unknownPath());
  const problem = checkPath(path, served);
  if (problem !== undefined) return statusReply(problem);
  const query = parseQuery(asked.search, method);
  if (!query.ok) return statusReply(query.error);
  const refused = refusal(server, asked, query.value.watch);
  if (refused !== undefined) return statusReply(refused);
  if (path.subresource === 'log') return method === 'GET' ? podLog(server, asked, served) : statusReply(methodNotAllowed());
  const form = chooseForm(asked.request.headers.accept);
  if (form === undefined) return statusReply(notAcceptable(OFFERED_TYPES));
  if (query.value.watch && method === 'GET' && path.subresource === undefined) return watch(server, asked, served, query.value, form);
  return verb(server, asked, served, query.value, form);
}

const VERBS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  GET: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
};

/** 403 when no role allows it. */
function refusal({ store, clock }: ResourceServer, { path, method, user }: Asked, watches: boolean): ApiStatus | undefined {
  if (user.groups.includes(MASTERS)) return undefined;
  const [one, many] = VERBS[method] ?? ['get', 'list'];
  const { group, plural: resource, subresource = '', name = '' } = path;
  // A namespace is an object of the namespace of its name.
  const namespace = path.namespace ?? (group === '' && resource === 'namespaces' ? path.name : undefined);
  const attributes = { verb: watches && method === 'GET' ? 'watch' : name === '' ? many : one, group, resource, subresource, name, namespace };
  return authorize(store, clock.now(), user, attributes).allowed ? undefined : forbiddenAnswer(user, attributes);
}

async function verb(server: ResourceServer, asked: Asked, served: ServedType, query: Query, form: Form): Promise<Reply | undefined> {
  const patchType = asked.method === 'PATCH' ? patchTypeOf(asked.request.headers['content-type']) : ok(undefined);
  if (!patchType.ok) return statusReply(patchType.error);
  // Looked for only where somebody asks for it: it costs as much as reading the body.
  const doubled: string[] | undefined = patchType.value === undefined && asked.search.has('fieldValidation') ? [] : undefined;
  const body = await readDecoded(asked, patchType.value, doubled);
  if (body === undefined) return undefined;
  if (!body.ok) return statusReply(body.error);
  if (doubled !== undefined && doubled.length > 0 && query.options.fieldValidation === 'Strict') return statusReply(strictly(served, doubled));
  if (asked.path.subresource === 'token' && asked.method === 'POST') {
    const account = { type: served.type, namespace: asked.path.namespace ?? '', name: asked.path.name ?? '' };
    return tokenReply(server.store, server.users, server.clock.now(), account, body.value);
  }
  const options = { ...managerOf(asked), ...query.options, ...dryRunOf(body.value, query) };
  const decoded = asked.method === 'DELETE' && body.value === undefined ? deleteOptionsOf(asked.search) : body.value;
  const request = toApiRequest({ method: asked.method, path: asked.path, served, options, body: decoded, patchType: patchType.value });
  if (!request.ok) return statusReply(request.error);
  const now = server.clock.now();
  const answer = server.store.execute(request.value, now);
  if (!answer.ok) return statusReply(answer.error);
  const warnings = query.options.fieldValidation === 'Warn' ? [...(doubled ?? []), ...answer.value.warnings] : answer.value.warnings;
  return renderAnswer({ ...answer.value, warnings }, form, served, query.includeObject, now);
}

const MOST_MANAGER_CHARACTERS = 128;

/** Writes that name no manager are those of the program that sends them. */
function managerOf({ request, method }: Asked): { fieldManager?: string } {
  const agent = request.headers['user-agent']?.split('/', 1)[0]?.slice(0, MOST_MANAGER_CHARACTERS) ?? '';
  return agent === '' || (method === 'PATCH' && mediaType(request.headers['content-type']).startsWith('application/apply-patch'))
    ? {}
    : { fieldManager: agent };
}

/** A DELETE may ask for a dry run in its body, too. */
function dryRunOf(body: unknown, query: Query): { dryRun: boolean } {
  const listed = typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'DeleteOptions' && 'dryRun' in body ? body.dryRun : undefined;
  return { dryRun: query.options.dryRun === true || (Array.isArray(listed) && listed.includes('All')) };
}

const strictly = ({ type: { kind, version } }: ServedType, faults: readonly string[]): ApiStatus =>
  badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${faults.join(', ')}`);

/** Keys that stand twice; only of what can be read as JSON at all. */
function duplicatesIn(bytes: Buffer): readonly string[] {
  const text = bytes.toString('utf8');
  const parsed = decodeJson(text);
  return parsed.ok ? duplicateKeys(text).map((key) => `duplicate field "${key}"`) : [];
}

async function readDecoded({ request, method }: Asked, patchType: PatchType | undefined, doubled?: string[]): Promise<Result<unknown, ApiStatus> | undefined> {
  if (method === 'GET') return ok(undefined);
  const bytes = await readBody(request);
  if (bytes === undefined || !bytes.ok) return bytes;
  if (mediaType(request.headers['content-type']) === 'application/json') doubled?.push(...duplicatesIn(bytes.value));
  if (patchType === undefined) return decodeBody(bytes.value, request.headers['content-type']);
  if (bytes.value.length === 0) return ok(undefined);
  const text = bytes.value.toString('utf8');
  return patchType === 'apply' && !text.trimStart().startsWith('{') ? decodeYaml(text) : decodeJson(text);
}

async function reviewReply(server: ResourceServer, asked: Asked, review: ResourceType): Promise<Reply | undefined> {
  if (asked.method !== 'POST') return statusReply(methodNotAllowed());
  const refused = refusal(server, asked, false);
  if (refused !== undefined) return statusReply(refused);
  const body = await readDecoded(asked, undefined);
  if (body === undefined) return undefined;
  return body.ok
    ? jsonReply(201, answerReview(review, body.value, { store: server.store, now: server.clock.now(), user: asked.user }))
    : statusReply(body.error);
}

function podLog(server: ResourceServer, { path, search }: Asked, { type }: ServedType): Reply {
  const ref = { type, namespace: path.namespace ?? '', name: path.name ?? '' };
  const pod = server.store.execute({ verb: 'get', ...ref }, server.clock.now());
  if (!pod.ok) return statusReply(pod.error);
  const reply = logReply(ref, pod.value.object as KubeObject, { search, now: server.clock.now() }, server.readLogs);
  return reply.ok ? reply.value : statusReply(reply.error);
}

function watch(server: ResourceServer, { path }: Asked, served: ServedType, query: Query, form: Form): Reply {
  if (form.encoding !== 'json') return statusReply(notAcceptable(['application/json']));
  const options = { ...query.options, ...named(path, query), allowWatchBookmarks: query.allowWatchBookmarks };
  const request = { type: served.type, ...(path.namespace === undefined ? {} : { namespace: path.namespace }), options };
  const render = eventRenderer(form, served, query.includeObject, () => server.clock.now());
  return watchReply({ store: server.store, clock: server.clock, served, request, timeoutSeconds: query.timeoutSeconds, render });
}

/** `GET pods/NAME?watch=1` is a watch of that one object. */
function named({ name }: ResourcePath, { options }: Query): { fieldSelector?: string } {
  if (name === undefined) return {};
  const selector = `metadata.name=${name}`;
  return { fieldSelector: options.fieldSelector === undefined ? selector : `${options.fieldSelector},${selector}` };
}

/** Requests that stay open and do not count among those in flight. */
export function isLongRunning(path: ResourcePath, search: URLSearchParams): boolean {
  return search.has('watch') || path.subresource === 'log';
}
