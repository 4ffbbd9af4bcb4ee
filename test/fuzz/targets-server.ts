// What comes to the embedded API server: paths, queries, bodies in three encodings, patches of four sorts, selectors, tokens.

import { createStore } from '../../src/apiserver/store/store.js';
import type { ApiRequest } from '../../src/apiserver/store/api.js';
import { decodeBody } from '../../src/apiserver/http/request-body.js';
import { duplicateKeys } from '../../src/apiserver/http/duplicate-keys.js';
import { parseQuery } from '../../src/apiserver/http/query-options.js';
import { parsePath } from '../../src/apiserver/http/request-path.js';
import { lengthField, textField, wholeField } from './protobuf-sample.js';
import { linesOf } from '../../src/cluster/lines.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { refOf } from '../../src/kinds/object-ref.js';
import { DEPLOYMENT, INGRESS, JOB, POD, ROLLOUT, SERVICE } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { createRng } from '../../src/lib/rng.js';
import { complaint } from './target.js';
import type { Outcome, Target } from './target.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const MOST_LINE_BYTES = 4096;

const containers = [{ name: 'main', image: 'a:1', ports: [{ containerPort: 80, name: 'http' }], resources: { requests: { cpu: '100m' } }, env: [{ name: 'A', value: 'b' }] }];
const template = { metadata: { labels: { app: 'shop' } }, spec: { containers } };
const OBJECTS: readonly (readonly [ResourceType, KubeObject])[] = [
  [ROLLOUT, { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'shop', namespace: 'default', labels: { a: 'b' } }, spec: { replicas: 2, selector: { matchLabels: { app: 'shop' } }, template, strategy: { canary: { steps: [{ setWeight: 20 }, { pause: { duration: '5m' } }] } } } }],
  [DEPLOYMENT, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' }, spec: { replicas: 1, selector: { matchLabels: { app: 'shop' } }, template } }],
  [POD, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default', labels: { app: 'shop' } }, spec: { containers } }],
  [SERVICE, { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'default' }, spec: { selector: { app: 'shop' }, ports: [{ port: 80, targetPort: 'http', protocol: 'TCP' }] } }],
  [INGRESS, { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'i', namespace: 'default' }, spec: { rules: [{ host: 'a.test', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { number: 80 } } } }] } }] } }],
  [JOB, { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j', namespace: 'default' }, spec: { template: { spec: { containers, restartPolicy: 'Never' } } } }],
];

const store = createStore({ now: NOW, rng: createRng(1), definitions: customResourceDefinitions() });
const ask = (request: ApiRequest): Outcome => complaint(((answer) => (answer.ok ? answer : { ok: false, error: answer.error }))(store.execute(request, NOW)));
for (const [type, object] of OBJECTS) ask({ verb: 'create', type, namespace: 'default', body: object, options: {} });

const PATCH_TYPES = ['merge', 'strategic', 'apply', 'json'] as const;

/** Each patch type against each object; the newest stored version is patched, as on any server. */
function patchAll(type: (typeof PATCH_TYPES)[number], body: unknown): Outcome {
  const answers = OBJECTS.map(([kind, object]) => {
    const ref = refOf(kind, object);
    return ask({ verb: 'patch', type: kind, namespace: 'default', name: ref.name, patchType: type, body, options: { ...(type === 'apply' ? { fieldManager: 'fuzz', force: true } : {}), dryRun: true } });
  });
  return answers.includes(undefined) ? undefined : answers[0];
}

const list = (options: Extract<ApiRequest, { verb: 'list' }>['options']): Outcome => ask({ verb: 'list', type: POD, namespace: 'default', options });

const TOKEN = btoa(JSON.stringify({ v: 'meta.k8s.io/v1', rv: 5, start: 'default/a' }));

const DELETE_OPTIONS = Buffer.concat([
  Buffer.from('k8s\0'),
  lengthField(1, Buffer.concat([textField(1, 'v1'), textField(2, 'DeleteOptions')])),
  lengthField(2, Buffer.concat([wholeField(1, 30n), textField(4, 'Background')])),
]).toString('latin1');
const NAMESPACE_OBJECT = Buffer.concat([
  Buffer.from('k8s\0'),
  lengthField(1, Buffer.concat([textField(1, 'v1'), textField(2, 'Namespace')])),
  lengthField(2, lengthField(1, textField(1, 'mall'))),
]).toString('latin1');

const decode = async (text: string, type: string): Promise<Outcome> => complaint(await decodeBody(Buffer.from(text, type.includes('protobuf') ? 'latin1' : 'utf8'), type));

const MANIFEST_YAML = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels: &l {x: "1"}\ndata:\n  k: |\n    text\n  again: "2"\nmore: *l\n';

export const SERVER_TARGETS: readonly Target[] = [
  { name: 'objects to create', type: 'value', samples: OBJECTS.map(([, object]) => ({ ...object, metadata: { ...object.metadata, name: `${object.metadata.name}-new` } })), run: (body) => {
    const kind = (body as { kind?: unknown } | null)?.kind;
    const type = OBJECTS.find(([each]) => each.kind === kind)?.[0] ?? ROLLOUT;
    return ask({ verb: 'create', type, namespace: 'default', body, options: { dryRun: true, fieldValidation: 'Strict' } });
  } },
  ...PATCH_TYPES.slice(0, 3).map((type): Target => ({
    name: `${type} patches`,
    type: 'value',
    samples: [
      { spec: { replicas: 3, template: { spec: { containers: [{ name: 'main', image: 'b' }, { name: 'x', image: 'y', $patch: 'delete' }] } } } }, { metadata: { labels: { a: null, b: 'c' }, $retainKeys: ['labels'] } },
      { spec: { ports: [{ port: 80, $patch: 'replace' }], '$setElementOrder/ports': [{ port: 80 }] } }, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { template } }, { status: { replicas: 1 } },
    ],
    run: (body) => patchAll(type, body),
  })),
  { name: 'JSON patches', type: 'value', samples: [[{ op: 'replace', path: '/spec/replicas', value: 3 }], [{ op: 'test', path: '/metadata/name', value: 'web' }, { op: 'add', path: '/metadata/labels/x~1y', value: 'z' }], [{ op: 'move', from: '/spec/template', path: '/spec/t' }, { op: 'remove', path: '/spec/ports/0' }, { op: 'copy', from: '/metadata', path: '/spec/-' }]], run: (body) => patchAll('json', body) },
  { name: 'label selectors', type: 'text', samples: ['app=shop,tier!=x', 'app in (a, b),!gone', 'app notin (x),y', 'a.b/c==d'], run: (labelSelector) => list({ labelSelector }) },
  { name: 'field selectors', type: 'text', samples: ['metadata.name=a', 'status.phase!=Running,spec.nodeName=n', 'metadata.namespace==default'], run: (fieldSelector) => list({ fieldSelector }) },
  { name: 'continue tokens', type: 'text', samples: [TOKEN, btoa('{"rv":1,"start":"a"}'), btoa('[]')], run: (token) => list({ continue: token, limit: 1 }) },
  { name: 'resource versions', type: 'text', samples: ['5', '0', '', '999999999'], run: (resourceVersion) => list({ resourceVersion }) },
  { name: 'request paths', type: 'text', samples: ['/api/v1/namespaces/default/pods/p/log', '/apis/argoproj.io/v1alpha1/rollouts', '/apis/apps/v1/namespaces/a/deployments/b/scale', '/openapi/v3/apis/apps/v1', '/healthz', '/api'], run: (path) => complaint(parsePath(path)) },
  { name: 'queries', type: 'text', samples: ['labelSelector=a%3Db&limit=500&continue=x', 'watch=1&resourceVersion=0&timeoutSeconds=300&allowWatchBookmarks=true', 'fieldManager=me&fieldValidation=Strict&dryRun=All&force=true', 'propagationPolicy=Background&gracePeriodSeconds=0'], run: (text) => complaint(parseQuery(new URLSearchParams(text), 'GET')) ?? complaint(parseQuery(new URLSearchParams(text), 'PATCH')) },
  { name: 'JSON bodies', type: 'text', samples: OBJECTS.slice(0, 2).map(([, object]) => JSON.stringify(object)), run: async (text) => {
    const said = await decode(text, 'application/json');
    if (said === undefined) duplicateKeys(text);
    return said;
  } },
  { name: 'YAML bodies', type: 'text', samples: [MANIFEST_YAML, 'a: [1, {b: c}]\n', '? x\n: y\n', '--- !!map {a: !!int "1"}\n'], run: (text) => decode(text, 'application/yaml') },
  { name: 'protobuf bodies', type: 'text', samples: [DELETE_OPTIONS, NAMESPACE_OBJECT], run: (text) => decode(text, 'application/vnd.kubernetes.protobuf') },
  { name: 'watch lines', type: 'text', samples: ['{"type":"ADDED","object":{}}\n{"type":"BOOKMARK"}\n', '{"a":1}\r\n\r\n{"b":"é"}'], run: async (text) => {
    const bytes = Buffer.from(text);
    const middle = Math.floor(bytes.length / 2);
    const stream = (async function* split() {
      await Promise.resolve();
      yield bytes.subarray(0, middle);
      yield bytes.subarray(middle);
    })();
    try {
      for await (const line of linesOf(stream, MOST_LINE_BYTES)) if (Buffer.byteLength(line) > 4 * MOST_LINE_BYTES) throw new Error('a line is longer than the limit');
    } catch (error) {
      if (error instanceof Error && error.constructor.name === 'LineTooLong') return error.message === '' ? 'a line is too long' : error.message;
      throw error;
    }
    return undefined;
  } },
];
