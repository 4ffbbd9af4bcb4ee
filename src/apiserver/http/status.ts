// The `v1.Status` answers that the HTTPS door gives by itself; those about objects come from the store.
// Codes, reasons and texts are those of the real server, because kubectl and client-go switch on them.

import type { ApiStatus } from '../store/api.js';

export function failure(code: number, reason: string, message: string, details?: ApiStatus['details']): ApiStatus {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...(details === undefined ? {} : { details }), code };
}

export const unauthorized = (): ApiStatus => failure(401, 'Unauthorized', 'Unauthorized');

export const badRequest = (message: string): ApiStatus => failure(400, 'BadRequest', message);

export const unknownPath = (): ApiStatus => failure(404, 'NotFound', 'the server could not find the requested resource', {});

export const methodNotAllowed = (): ApiStatus => failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

/** `kubectl exec` and the like. */
export const notExecuted = (subresource: string): ApiStatus =>
  failure(405, 'MethodNotAllowed', `pods/${subresource} is not served: the containers of this server are pretended, there is no process to reach in them`);

export const notAcceptable = (offered: readonly string[]): ApiStatus =>
  failure(406, 'NotAcceptable', `only the following media types are accepted: ${offered.join(', ')}`);

export const unsupportedMediaType = (accepted: readonly string[], why = 'the body of the request was in an unknown format'): ApiStatus =>
  failure(415, 'UnsupportedMediaType', `${why} - accepted media types include: ${accepted.join(', ')}`);

export const bodyTooLarge = (limitBytes: number): ApiStatus => failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);

export const tooManyRequests = (retryAfterSeconds: number): ApiStatus =>
  failure(429, 'TooManyRequests', 'Too many requests, please try again later.', { retryAfterSeconds });

export const internalError = (message: string): ApiStatus => failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
