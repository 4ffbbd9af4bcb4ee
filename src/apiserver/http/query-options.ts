// The query parameters of a request, as the store wants them. Nonsense is refused with the parameter's name, never ignored.

import type { Result } from '../../lib/result.js';
import { err, ok } from '../../lib/result.js';
import type { ApiOptions, ApiStatus } from '../store/api.js';
import { invalidOptions, unsupportedValue } from '../store/status.js';
import { badRequest } from './status.js';

export type Query = {
  readonly options: ApiOptions;
  readonly watch: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly timeoutSeconds: number | undefined;
  /** Of tables: what stands beside the cells. */
  readonly includeObject: IncludeObject;
};

export type IncludeObject = 'None' | 'Metadata' | 'Object';

const TRUE = new Set(['true', '1', 'True', 'TRUE', 't', 'T', '']);
const INCLUDE_OBJECT: readonly IncludeObject[] = ['None', 'Metadata', 'Object'];
const FIELD_VALIDATION = ['Strict', 'Warn', 'Ignore'] as const;

/** `method`: by it messages name the options. */
export function parseQuery(search: URLSearchParams, method: string): Result<Query, ApiStatus> {
  const text = (key: string): string | undefined => {
    const value = search.get(key);
    return value === null || value === '' ? undefined : value;
  };
  // Less than nothing is no limit.
  const limit = text('limit')?.startsWith('-') === true ? 0 : wholeNumber(text('limit'));
  if (limit === 'bad') return err(badRequest(`strconv.ParseInt: parsing "${text('limit') ?? ''}": invalid syntax`));
  const timeoutSeconds = wholeNumber(text('timeoutSeconds'));
  if (timeoutSeconds === 'bad') return err(badRequest(`strconv.ParseInt: parsing "${text('timeoutSeconds') ?? ''}": invalid syntax`));
  const includeText = text('includeObject');
  const includeObject = includeText === undefined ? 'Metadata' : INCLUDE_OBJECT.find((known) => known === includeText);
  if (includeObject === undefined) return err(badRequest(`unrecognized includeObject value: "${includeText ?? ''}"`));
  const validationText = text('fieldValidation');
  const fieldValidation = validationText === undefined ? 'Warn' : FIELD_VALIDATION.find((known) => known === validationText);
  if (fieldValidation === undefined) return err(unsupported(method, 'fieldValidation', validationText ?? '', ['', 'Ignore', 'Strict', 'Warn']));
  const dryRun = search.getAll('dryRun').filter((value) => value !== '');
  const badDryRun = dryRun.find((value) => value !== 'All');
  if (badDryRun !== undefined) return err(unsupported(method, 'dryRun', dryRun, ['All']));
  const options: ApiOptions = {
    ...present('labelSelector', text('labelSelector')),
    ...present('fieldSelector', text('fieldSelector')),
    ...present('limit', limit === 0 ? undefined : limit),
    ...present('continue', text('continue')),
    ...present('resourceVersion', text('resourceVersion')),
    ...present('resourceVersionMatch', text('resourceVersionMatch')),
    ...present('fieldManager', text('fieldManager')),
    fieldValidation,
    dryRun: dryRun.length > 0,
    ...(search.has('sendInitialEvents') ? { sendInitialEvents: flag(search, 'sendInitialEvents') } : {}),
    ...(search.has('force') ? { force: flag(search, 'force') } : {}),
  };
  return ok({
    options,
    watch: flag(search, 'watch'),
    allowWatchBookmarks: flag(search, 'allowWatchBookmarks'),
    timeoutSeconds,
    includeObject,
  });
}

/** What a DELETE without a body asks for in its query; undefined when that is nothing. The store judges the values. */
export function deleteOptionsOf(search: URLSearchParams): unknown {
  const propagationPolicy = search.get('propagationPolicy');
  const seconds = search.get('gracePeriodSeconds');
  if (propagationPolicy === null && seconds === null) return undefined;
  return {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    ...(propagationPolicy === null ? {} : { propagationPolicy }),
    ...(seconds === null ? {} : { gracePeriodSeconds: Number(seconds) }),
  };
}

/** Whether a boolean parameter is set, by the reading of the real server ("?watch" and "?watch=1" are true). */
export function flag(search: URLSearchParams, key: string): boolean {
  const value = search.get(key);
  return value !== null && TRUE.has(value);
}

/** A non-negative whole number, undefined when absent. */
export function wholeNumber(value: string | undefined): number | 'bad' | undefined {
  if (value === undefined) return undefined;
  return /^\d{1,15}$/.test(value) ? Number(value) : 'bad';
}

function present<K extends keyof ApiOptions>(key: K, value: ApiOptions[K] | undefined): ApiOptions {
  return value === undefined ? {} : { [key]: value };
}

const OPTION_KINDS: Readonly<Record<string, string>> = { POST: 'CreateOptions', PUT: 'UpdateOptions', PATCH: 'PatchOptions', DELETE: 'DeleteOptions' };

const unsupported = (method: string, field: string, value: unknown, known: readonly string[]): ApiStatus =>
  invalidOptions(OPTION_KINDS[method] ?? 'GetOptions', [unsupportedValue(field, value, known)]);
