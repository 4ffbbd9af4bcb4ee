// Takes secrets out of objects that are shown: values of Secrets, of environment variables whose names say that they are
// secret, and credentials in URLs.

import { isRecord } from '../lib/deep.js';

export const MASK = '*****';

const SECRET_NAME = /pass(word|wd)?|secret|token|api[-_]?key|credential|private[-_]?key|access[-_]?key|authorization/i;

const URL_CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s:@]*:[^/\s@]*@/gi;

/** Copies of whole objects in annotations would bring it all back. */
const COPY = 'kubectl.kubernetes.io/last-applied-configuration';

export function maskText(text: string): string {
  return text.replace(URL_CREDENTIALS, `$1${MASK}@`);
}

const masked = (value: unknown): unknown => (isRecord(value) ? Object.fromEntries(Object.keys(value).map((key) => [key, MASK])) : MASK);

function maskField(key: string, value: unknown, holder: Readonly<Record<string, unknown>>): unknown {
  if (key === COPY) return `${MASK} (a copy of the whole object)`;
  // {name: DB_PASSWORD, value: …}, as environment variables, headers and arguments have it.
  if (key === 'value' && typeof value === 'string' && [holder['name'], holder['key']].some((name) => typeof name === 'string' && SECRET_NAME.test(name)))
    return MASK;
  if (typeof value === 'string' && SECRET_NAME.test(key) && !/name|ref|path/i.test(key)) return MASK;
  return maskValue(value);
}

function maskValue(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(maskValue);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, maskField(key, field, value)]));
}

/** A copy that may be shown to anybody. */
export function maskObject(object: unknown): unknown {
  if (!isRecord(object) || object['kind'] !== 'Secret') return maskValue(object);
  const { data, stringData, ...rest } = object;
  const plain = maskValue(rest) as Readonly<Record<string, unknown>>;
  return { ...plain, ...(data === undefined ? {} : { data: masked(data) }), ...(stringData === undefined ? {} : { stringData: masked(stringData) }) };
}
