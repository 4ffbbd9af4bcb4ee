// What ConfigMaps and Secrets hold, as texts by key.

import { isRecord } from '../lib/deep.js';

export type DataTexts = Readonly<Record<string, string>>;

export function dataTexts(data: unknown, read = (text: string): string => text): DataTexts {
  return isRecord(data) ? Object.fromEntries(Object.entries(data).flatMap(([key, text]) => (typeof text === 'string' ? [[key, read(text)]] : []))) : {};
}

/** Of the `data` of a Secret. */
export const secretTexts = (data: unknown): DataTexts => dataTexts(data, (text) => Buffer.from(text, 'base64').toString('utf8'));
