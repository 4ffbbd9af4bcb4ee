// Reading a request's body: bounded, then decoded by its Content-Type. kubectl sends JSON, and from 1.32 on protobuf
// for what it builds from typed structs; people with curl send YAML.

import type { IncomingMessage } from 'node:http';
import type { Result } from '../../lib/result.js';
import { err, ok } from '../../lib/result.js';
import { DEEPEST_YAML, tooDeepLine } from '../../lib/yaml-depth.js';
import type { ApiStatus } from '../store/api.js';
import { decodeProtobuf } from './protobuf/envelope.js';
import { badRequest, bodyTooLarge, unsupportedMediaType } from './status.js';

/** The limit of the real server. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** Of one document; each may stand for all that its anchor holds. */
const MOST_ALIASES = 100;

export const BODY_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const;

/** Undefined when the client went away before the end. */
export async function readBody(request: IncomingMessage): Promise<Result<Buffer, ApiStatus> | undefined> {
  if (Number(request.headers['content-length'] ?? '0') > MAX_BODY_BYTES) return err(bodyTooLarge(MAX_BODY_BYTES));
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) return err(bodyTooLarge(MAX_BODY_BYTES));
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return ok(Buffer.concat(chunks, size));
}

/** An empty body is undefined (a DELETE may have none). */
export async function decodeBody(bytes: Buffer, contentType: string | undefined): Promise<Result<unknown, ApiStatus>> {
  if (bytes.length === 0) return ok(undefined);
  switch (mediaType(contentType)) {
    case '':
    case 'application/json':
      return decodeJson(bytes.toString('utf8'));
    case 'application/yaml':
    case 'application/x-yaml':
      return decodeYaml(bytes.toString('utf8'));
    case 'application/vnd.kubernetes.protobuf':
      return decodeProtobuf(bytes);
    default:
      return err(unsupportedMediaType(BODY_TYPES));
  }
}

/** The type without its parameters. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

export function decodeJson(text: string): Result<unknown, ApiStatus> {
  try {
    // A key of this name would reach the prototype of whatever merges the body later.
    if (text.includes('__proto__')) return ok(JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value)));
    return ok(JSON.parse(text));
  } catch (error) {
    return err(badRequest(`the object provided is unrecognized (must be of type JSON): ${reasonOf(error)}`));
  }
}

/** YAML, of which JSON is a part. */
export async function decodeYaml(text: string): Promise<Result<unknown, ApiStatus>> {
  const { Lexer, parseDocument } = await import('yaml');
  const deep = tooDeepLine(new Lexer().lex(text));
  if (deep !== undefined) return err(badRequest(`error parsing YAML: line ${deep}: lists and maps are nested deeper than ${DEEPEST_YAML} levels`));
  const document = parseDocument(text, { uniqueKeys: true, logLevel: 'error' });
  const [problem] = document.errors;
  if (problem !== undefined) return err(badRequest(`error parsing YAML: ${problem.message}`));
  try {
    return decodeJson(JSON.stringify(document.toJS({ maxAliasCount: MOST_ALIASES })));
  } catch (error) {
    // An alias of nothing, of itself, or of so much that it would fill the memory.
    return err(badRequest(`error parsing YAML: ${reasonOf(error).split('\n')[0] ?? ''}`));
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
