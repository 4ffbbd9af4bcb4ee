// The engine's requests to the API server, counted by what they were about. Paths tell it; bodies and headers are not looked at.

import { Counter, type Registry } from 'prom-client';
import type { Exchange, Method } from '../../cluster/transport.js';

/** Beyond so many series a request is counted without namespace and name: how many of those there are is not ours to say. */
export const MOST_REQUEST_SERIES = 5000;

const VERBS: Readonly<Record<Exclude<Method, 'GET'>, string>> = { POST: 'Create', PUT: 'Update', PATCH: 'Patch', DELETE: 'Delete' };

/** Stands for the name where a request has none. */
const NO_NAME = 'N/A';

/** Never told by name, as Argo Rollouts does it. */
const NAMELESS: ReadonlySet<string> = new Set(['events', 'replicasets']);
/** Their names are made up and never come back, so each would be a series for ever. */
const MADE_UP_NAMES: ReadonlySet<string> = new Set(['pods', 'jobs', 'analysisruns', 'experiments']);

export type RequestLabels = {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly verb: string;
  readonly status_code: string;
};

/** Undefined when there was no answer, and for the end of a stream, whose opening has been counted. */
export function requestLabels({ method, path, status, ended }: Exchange): RequestLabels | undefined {
  const [place = '', query = ''] = path.split('?');
  const watches = new URLSearchParams(query).get('watch') === 'true';
  if (status === undefined || (watches && ended)) return undefined;
  const segments = place
    .replace(/^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)(?=\/|$)/, '')
    .split('/')
    .filter((segment) => segment !== '')
    .map(readable);
  const namespaced = segments[0] === 'namespaces' && segments.length > 2;
  const [kind, name] = namespaced ? segments.slice(2) : segments;
  const verb = method === 'GET' ? readingVerb(watches, kind !== undefined && name === undefined) : VERBS[method];
  return {
    kind: kind ?? 'Unknown',
    namespace: namespaced ? (segments[1] ?? '') : '',
    name: nameFor(kind ?? '', name, verb),
    verb,
    status_code: String(status),
  };
}

const readingVerb = (watches: boolean, ofMany: boolean): string => (watches ? 'Watch' : ofMany ? 'List' : 'Get');

/** A watch has an empty name where a list has none: dashboards know it so. */
function nameFor(kind: string, name: string | undefined, verb: string): string {
  if (NAMELESS.has(kind)) return NO_NAME;
  if (verb === 'Watch' && name === undefined) return '';
  return name === undefined || MADE_UP_NAMES.has(kind) ? NO_NAME : name;
}

function readable(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** To be told of each request. */
export function countRequests(registry: Registry, most = MOST_REQUEST_SERIES): (exchange: Exchange) => void {
  const requests = new Counter({
    name: 'controller_clientset_k8s_request_total',
    help: 'Requests to the API server that were answered.',
    labelNames: ['kind', 'namespace', 'name', 'verb', 'status_code'],
    registers: [registry],
  });
  const known = new Set<string>();
  return (exchange) => {
    const labels = requestLabels(exchange);
    if (labels === undefined) return;
    const key = Object.values(labels).join('\n');
    if (known.size < most) known.add(key);
    requests.inc(known.has(key) ? labels : { ...labels, namespace: '', name: NO_NAME });
  };
}
