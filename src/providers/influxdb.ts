// Metrics from InfluxDB 2: the values of the records that a Flux query gives, in the order in which they come.

import { CsvError, parse } from 'csv-parse/sync';
import type { InfluxdbSource } from '../kinds/metric-provider.js';
import { parseFloat64 } from '../lib/go-number.js';
import { withoutSlash } from '../lib/http.js';
import { textAt } from '../lib/read.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { exchange, neededSecret, parseJson, shortened } from './answer.js';
import { goPrint } from './go-print.js';
import type { MetricItem, Provider, ProviderAnswer } from './provider.js';

const TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const DEFAULT_PROFILE = 'influxdb';
const PLAIN_KEYS = ['address', 'org'];
/** The description of each column's type comes with the answer. */
const DIALECT = { annotations: ['datatype', 'group', 'default'], delimiter: ',', header: true };

export const influxdb: Provider = {
  name: 'influxdb',
  async measure(spec, io, signal) {
    const { profile = '', query = '' } = spec as InfluxdbSource;
    const name = profile === '' ? DEFAULT_PROFILE : profile;
    const secret = await neededSecret(io, { name, place: 'engine', plain: PLAIN_KEYS });
    if (!secret.ok) return secret;
    const { address = '', org = '', authToken = '' } = secret.value;
    if (address === '' || org === '' || authToken === '') return err(`secret ${name}: address, org and authToken are all needed`);
    const url = `${withoutSlash(address.trim())}/api/v2/query?${new URLSearchParams({ org: org.trim() }).toString()}`;
    const headers = { Authorization: `Token ${authToken.trim()}`, 'Content-Type': 'application/json', Accept: 'text/csv' };
    const body = JSON.stringify({ dialect: DIALECT, query, type: 'flux' });
    const answer = await exchange({ method: 'POST', url, headers, body, timeoutMs: TIMEOUT_MS, maxBodyBytes: MAX_BODY_BYTES }, io, signal);
    if (!answer.ok) return answer;
    const { status, body: text } = answer.value;
    return status >= 200 && status <= 299 ? readAnswer(text) : err(`${status}: ${refusal(text)}`);
  },
};

/** `{"code": "unauthorized", "message": "…"}`, or whatever a proxy says. */
function refusal(text: string): string {
  const body = parseJson(text);
  if (!body.ok) return shortened(text);
  const message = textAt(body.value, 'message') ?? '';
  return message === '' ? shortened(text) : `${textAt(body.value, 'code') ?? ''}: ${message}`;
}

/** An empty line is a row with one empty field: it parts two tables, whose rows need not be as long as each other. */
function csvRows(text: string): Result<readonly (readonly string[])[], string> {
  try {
    return ok(parse(text, { record_delimiter: ['\r\n', '\n'], relax_column_count: true }));
  } catch (error) {
    if (error instanceof CsvError) return err(`the answer is not CSV: ${error.message}`);
    throw error;
  }
}

type Column = { readonly index: number; readonly type: string; readonly otherwise: string };

/** Tables one after the other, each with its annotations and its header. A table of errors has a column of that name. */
function readAnswer(text: string): Result<ProviderAnswer, string> {
  let types: readonly string[] = [];
  let defaults: readonly string[] = [];
  let column: Column | undefined;
  let failed = -1;
  let inHeader = true;
  const values: MetricItem[] = [];
  const rows = csvRows(text);
  if (!rows.ok) return rows;
  for (const row of rows.value) {
    const [first = ''] = row;
    if (row.length === 1 && first === '') {
      inHeader = true;
    } else if (first.startsWith('#')) {
      inHeader = true;
      if (first === '#datatype') types = row;
      if (first === '#default') defaults = row;
    } else if (inHeader) {
      inHeader = false;
      failed = row.includes('reference') ? row.indexOf('error') : -1;
      const index = row.indexOf('_value');
      column = index < 0 ? undefined : { index, type: types[index] ?? '', otherwise: defaults[index] ?? '' };
    } else if (failed >= 0) {
      return err(shortened(row[failed] ?? '') || 'an error without a message');
    } else {
      const value = column === undefined ? ok(null) : itemOf(row[column.index] ?? '', column);
      if (!value.ok) return value;
      values.push(value.value);
    }
  }
  if (values.length === 0) return err('no results returned from flux query');
  return ok({ result: { type: '[]any', value: values }, text: goPrint(values) });
}

function itemOf(given: string, { type, otherwise }: Column): Result<MetricItem, string> {
  const text = given === '' ? otherwise : given;
  if (text === '' && type !== 'string') return ok(null);
  switch (type) {
    case 'double': {
      const parsed = parseFloat64(text);
      return 'problem' in parsed ? err(`not a number: ${JSON.stringify(text)}`) : ok(parsed.value);
    }
    case 'long':
    case 'unsignedLong':
      return /^-?\d+$/.test(text) ? ok(BigInt(text)) : err(`not a whole number: ${JSON.stringify(text)}`);
    case 'boolean':
      return ok(text === 'true');
    default:
      return ok(text);
  }
}
