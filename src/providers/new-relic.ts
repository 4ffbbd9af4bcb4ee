// Metrics from New Relic: the rows of an NRQL query, by NerdGraph.

import type { NewRelicSource } from '../kinds/metric-provider.js';
import { isRecord } from '../lib/deep.js';
import { listAt, textAt } from '../lib/read.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { exchange, neededSecret, parseJson, shortened } from './answer.js';
import { goJson } from './go-json.js';
import type { Provider, ProviderAnswer } from './provider.js';

const DEFAULT_PROFILE = 'newrelic';
const DEFAULT_TIMEOUT_SECONDS = 5;
/** Of the query New Relic keeps the time itself; so long its answer may be on the way. */
const EXTRA_SECONDS = 5;
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const DEFAULT_REGION = 'us';
const NERDGRAPH: Readonly<Record<string, string>> = {
  us: 'https://api.newrelic.com/graphql',
  eu: 'https://api.eu.newrelic.com/graphql',
  staging: 'https://staging-api.newrelic.com/graphql',
};
const PLAIN_KEYS = ['account-id', 'region', 'base-url-rest', 'base-url-nerdgraph'];
const QUESTION =
  'query($accountId: Int!, $query: Nrql!, $timeout: Seconds) { actor { account(id: $accountId) { nrql(query: $query, timeout: $timeout) { results } } } }';

type Account = { readonly url: string; readonly key: string; readonly id: number };

export const newRelic: Provider = {
  name: 'newRelic',
  problem: (spec) => problemOf(spec as NewRelicSource),
  describe: (spec) => ({ ResolvedNewRelicQuery: (spec as NewRelicSource).query }),
  async measure(spec, io, signal) {
    const { query, profile = '', timeout = 0 } = spec as NewRelicSource;
    const problem = problemOf({ query, timeout });
    if (problem !== undefined) return err(problem);
    const name = profile === '' ? DEFAULT_PROFILE : profile;
    const secret = await neededSecret(io, { name, place: 'engine', plain: PLAIN_KEYS });
    if (!secret.ok) return secret;
    const account = accountOf(name, secret.value);
    if (!account.ok) return account;
    const seconds = timeout === 0 ? DEFAULT_TIMEOUT_SECONDS : timeout;
    const { url, key, id } = account.value;
    const headers = { 'Content-Type': 'application/json', 'Api-Key': key };
    const body = JSON.stringify({ query: QUESTION, variables: { accountId: id, query, timeout: seconds } });
    const timeoutMs = (seconds + EXTRA_SECONDS) * 1000;
    const answer = await exchange({ method: 'POST', url, headers, body, timeoutMs, maxBodyBytes: MAX_BODY_BYTES }, io, signal);
    if (!answer.ok) return answer;
    const { status, body: text } = answer.value;
    return status === 200 ? readAnswer(text) : err(`received non 2xx response code: ${status} ${shortened(text)}`);
  },
};

const problemOf = ({ timeout = 0 }: NewRelicSource): string | undefined => (timeout < 0 ? 'timeout value needs to be a positive value' : undefined);

function accountOf(name: string, secret: Readonly<Record<string, string>>): Result<Account, string> {
  const key = (secret['personal-api-key'] ?? '').trim();
  const id = (secret['account-id'] ?? '').trim();
  const region = (secret['region'] ?? '').trim().toLowerCase();
  if (key === '' || id === '') return err(`secret ${name}: personal-api-key and account-id are both needed`);
  if (!/^\d+$/.test(id)) return err(`secret ${name}: account-id is not a number`);
  const own = (secret['base-url-nerdgraph'] ?? '').trim();
  const url = own === '' ? NERDGRAPH[region === '' ? DEFAULT_REGION : region] : own;
  return url === undefined ? err(`secret ${name}: region is none of ${Object.keys(NERDGRAPH).join(', ')}`) : ok({ url, key, id: Number(id) });
}

function readAnswer(text: string): Result<ProviderAnswer, string> {
  const body = parseJson(text);
  if (!body.ok) return body;
  const [first] = listAt(body.value, 'errors');
  if (first !== undefined) return err(shortened(textAt(first, 'message') || 'an error without a message'));
  const results = listAt(body.value, 'data', 'actor', 'account', 'nrql', 'results');
  const rows = results.filter(isRecord);
  const [only] = rows;
  if (only === undefined || rows.length !== results.length) return err('no results returned from NRQL query');
  return rows.length === 1
    ? ok({ result: { type: 'NRDBResult', value: only }, text: goJson(only) })
    : ok({ result: { type: '[]NRDBResult', value: rows }, text: goJson(rows) });
}
