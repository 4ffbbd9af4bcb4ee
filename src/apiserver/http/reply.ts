// What goes back over the wire: a whole answer as data, or a stream that takes the response over.

import type { ServerResponse } from 'node:http';
import type { ApiStatus } from '../store/api.js';

export type Reply =
  | { readonly type: 'whole'; readonly code: number; readonly contentType: string; readonly body: string | Buffer; readonly headers: Headers }
  /** `start` writes head and body by itself, and cleans up when the response closes. */
  | { readonly type: 'stream'; readonly start: (response: ServerResponse) => void };

export type Headers = Readonly<Record<string, string | readonly string[]>>;

export const JSON_TYPE = 'application/json';

export function jsonReply(code: number, value: unknown, headers: Headers = {}, contentType = JSON_TYPE): Reply {
  return { type: 'whole', code, contentType, body: JSON.stringify(value), headers };
}

export function textReply(code: number, body: string): Reply {
  return { type: 'whole', code, contentType: 'text/plain; charset=utf-8', body, headers: {} };
}

/** Of a path that nobody has heard of: so the real server, before it knows what the path speaks of. */
export const pageNotFound = (): Reply => textReply(404, '404 page not found\n');

export function statusReply(status: ApiStatus, headers: Readonly<Record<string, string>> = {}): Reply {
  const wait = status.details?.retryAfterSeconds;
  return jsonReply(status.code, status, wait === undefined ? headers : { ...headers, 'Retry-After': String(wait) });
}

// A header holds one line of Latin-1; what does not fit must not break the answer.
const MAX_WARNING_CHARACTERS = 1024;
const MAX_WARNINGS = 32;

/** `Warning` headers as kubectl prints them. */
export function warningHeaders(warnings: readonly string[]): Readonly<Record<string, readonly string[]>> {
  if (warnings.length === 0) return {};
  return {
    Warning: warnings.slice(0, MAX_WARNINGS).map((text) => {
      const line = text
        .slice(0, MAX_WARNING_CHARACTERS)
        .replaceAll(/[^\x20-\x7e]/g, '?')
        .replaceAll(/["\\]/g, (character) => `\\${character}`);
      return `299 - "${line}"`;
    }),
  };
}

export function sendReply(response: ServerResponse, reply: Reply): void {
  if (reply.type === 'stream') {
    reply.start(response);
    return;
  }
  if (reply.code === 304) {
    // Caches take over what headers a 304 has: it must not speak of a body of its own.
    response.writeHead(reply.code, copied(reply.headers));
    response.end();
    return;
  }
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
  response.writeHead(reply.code, {
    'Content-Type': reply.contentType,
    'Content-Length': String(body.length),
    'Cache-Control': 'no-cache, private',
    ...copied(reply.headers),
  });
  response.end(body);
}

function copied(headers: Headers): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, typeof value === 'string' ? value : [...value]]));
}
