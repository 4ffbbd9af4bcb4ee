// HTTP as a port: metric providers and notification services speak through this, so that a simulation can answer without a socket.

import type { Result } from './result.js';

export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** A longer body is a failure, never cut silently. */
  readonly maxBodyBytes: number;
  /** Skips the check of the server's certificate. */
  readonly insecure?: boolean;
};

export type HttpResponse = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

export type HttpFailure = { readonly type: 'timeout' | 'refused' | 'too-large' | 'bad-url' | 'failed'; readonly message: string };

/** Redirects are followed (at most ten, as Go does); any status is an answer, not a failure. */
export type HttpSend = (request: HttpRequest, signal?: AbortSignal) => Promise<Result<HttpResponse, HttpFailure>>;

/** The address of a server, to be followed by a path. */
export const withoutSlash = (address: string): string => address.replace(/\/+$/, '');
