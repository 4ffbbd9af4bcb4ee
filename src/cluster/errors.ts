// Why a request to an API server failed, as values: built here, told in one sentence for logs and screens.

import { isRecord } from '../lib/deep.js';
import type { ClusterError } from './cluster.js';

/** No answer came: refused, reset, unknown host, certificate not trusted. */
export const noAnswer = (message: string): ClusterError => ({ code: 0, reason: 'NoAnswer', message });

export const timedOut = (message: string): ClusterError => ({ code: 0, reason: 'Timeout', message });

/** Whoever asked did not wait for the answer. */
export const cancelled = (what: string): ClusterError => ({ code: 0, reason: 'Cancelled', message: `${what} was stopped before its answer came` });

/** An answer came that no API server gives. */
export const badAnswer = (message: string): ClusterError => ({ code: 0, reason: 'BadAnswer', message });

const LONGEST_FOREIGN_TEXT = 200;

const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

type Cause = { readonly reason?: string; readonly message?: string; readonly field?: string };

function causesOf(details: unknown): readonly Cause[] {
  if (!isRecord(details) || !Array.isArray(details['causes'])) return [];
  return details['causes'].filter(isRecord).map((cause) => ({
    ...(typeof cause['reason'] === 'string' ? { reason: cause['reason'] } : {}),
    ...(typeof cause['message'] === 'string' ? { message: cause['message'] } : {}),
    ...(typeof cause['field'] === 'string' ? { field: cause['field'] } : {}),
  }));
}

/** Takes a `v1.Status`; anything else (a proxy's page) is told by its code and the beginning of its text. */
export function errorOfStatus(code: number, body: unknown, text = '', retryAfterMs?: number): ClusterError {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (isRecord(body) && body['kind'] === 'Status') {
    const causes = causesOf(body['details']);
    const status = typeof body['code'] === 'number' ? body['code'] : code;
    const reason = typeof body['reason'] === 'string' && body['reason'] !== '' ? body['reason'] : (REASONS[status] ?? 'Unknown');
    const message = typeof body['message'] === 'string' && body['message'] !== '' ? body['message'] : reason;
    return { code: status, reason, message, ...(causes.length > 0 ? { causes } : {}), ...wait };
  }
  const beginning = text.replace(/\s+/g, ' ').trim().slice(0, LONGEST_FOREIGN_TEXT);
  return { code, reason: REASONS[code] ?? 'Unknown', message: `the server answered ${code}${beginning === '' ? '' : `: ${beginning}`}`, ...wait };
}

/** "Conflict (409): …": one line for a log or a status bar. */
export function describeError(error: ClusterError): string {
  return `${error.reason}${error.code === 0 ? '' : ` (${error.code})`}: ${error.message}`;
}

/** The version asked for is too old for a watch or for the next page of a list. */
export const isExpired = (error: ClusterError): boolean => error.code === 410 || error.reason === 'Expired' || error.reason === 'Gone';
