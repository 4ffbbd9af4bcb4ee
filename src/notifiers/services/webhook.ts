// Any HTTP request: the service has its address and credentials, the template its method, path and body.

import { isRecord } from '../../lib/deep.js';
import { parseGoDuration } from '../../lib/go-duration.js';
import type { HttpRequest } from '../../lib/http.js';
import { listAt } from '../../lib/read.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { Service, ServiceType } from '../service.js';
import { basic, DEFAULT_RETRIES, type Retries, send } from './exchange.js';
import { flag, missing, text } from './read.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** However often and long a person asks for. */
const MOST_RETRIES = 10;
const LONGEST_WAIT_MS = 60_000;

function retriesOf(settings: unknown): Result<Retries, string> {
  const wait = (name: string, otherwise: number): number | undefined => {
    const given = text(settings, name);
    return given === '' ? otherwise : parseGoDuration(given);
  };
  const leastWaitMs = wait('retryWaitMin', DEFAULT_RETRIES.leastWaitMs);
  const mostWaitMs = wait('retryWaitMax', DEFAULT_RETRIES.mostWaitMs);
  const most = text(settings, 'retryMax') === '' ? DEFAULT_RETRIES.most : Number(text(settings, 'retryMax'));
  if (leastWaitMs === undefined || mostWaitMs === undefined) return err('"retryWaitMin" and "retryWaitMax" are durations such as 1s');
  if (!Number.isInteger(most) || most < 0) return err('"retryMax" is a whole number');
  return ok({ most: Math.min(most, MOST_RETRIES), leastWaitMs: Math.min(leastWaitMs, LONGEST_WAIT_MS), mostWaitMs: Math.min(mostWaitMs, LONGEST_WAIT_MS) });
}

function joined(url: string, path: string): string {
  return path === '' ? url : `${url.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

export const webhook: ServiceType = {
  name: 'webhook',
  create(settings) {
    const problem = missing(settings, ['url']);
    const retries = retriesOf(settings);
    if (problem !== undefined || !retries.ok) return err(problem ?? (retries.ok ? '' : retries.error));
    const headers = Object.fromEntries(listAt(settings, 'headers').map((header) => [text(header, 'name'), text(header, 'value')]));
    const username = text(settings, 'basicAuth', 'username');
    const password = text(settings, 'basicAuth', 'password');
    const authorization = username === '' && password === '' ? {} : basic(username, password);
    const service: Service = {
      type: 'webhook',
      send: ({ message, fields }, { service: name }, io, signal) => {
        const all = fields['webhook'];
        const own = isRecord(all) ? all[name] : undefined;
        const wanted = text(own, 'method') === '' ? 'GET' : text(own, 'method').toUpperCase();
        const method: HttpRequest['method'] | undefined = METHODS.find((each) => each === wanted);
        if (method === undefined) return Promise.resolve(err(`webhook.${name}.method of the template is none of ${METHODS.join(', ')}`));
        const body = text(own, 'body') === '' ? message : text(own, 'body');
        const url = joined(text(settings, 'url'), text(own, 'path').trim());
        const insecure = flag(settings, 'insecureSkipVerify');
        return send({ method, url, headers: { ...authorization, ...headers }, insecure, retries: retries.value, ...(body === '' ? {} : { body }) }, io, signal);
      },
    };
    return ok(service);
  },
};
