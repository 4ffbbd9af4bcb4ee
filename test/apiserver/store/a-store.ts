// A store for tests, and short ways to ask it.

import { createStore } from '../../../src/apiserver/store/store.js';
import type { ApiOptions, ApiStatus, ApiStore, StoreEvent } from '../../../src/apiserver/store/api.js';
import type { PatchType } from '../../../src/kinds/change.js';
import type { KubeList, KubeObject } from '../../../src/kinds/kube-object.js';
import type { ResourceType } from '../../../src/kinds/resource-type.js';
import { assert } from '../../../src/lib/assert.js';
import { createRng } from '../../../src/lib/rng.js';

export const START = Date.UTC(2026, 10, 21, 9, 30);

type Body = Record<string, unknown>;

export type Asking = {
  readonly store: ApiStore;
  now: number;
  create(type: ResourceType, body: Body, options?: ApiOptions): KubeObject;
  get(type: ResourceType, name: string, subresource?: string): KubeObject | undefined;
  list(type: ResourceType, options?: ApiOptions): KubeList;
  update(type: ResourceType, body: Body, subresource?: string): KubeObject;
  patch(type: ResourceType, name: string, patchType: PatchType, body: unknown, subresource?: string): KubeObject;
  remove(type: ResourceType, name: string, body?: unknown): KubeObject;
  /** The failure of a call that must fail. */
  failure(call: () => unknown): ApiStatus;
  watch(type: ResourceType, options?: ApiOptions): StoreEvent[];
};

/** Thrown by the short ways, so that a test reads as a list of steps. */
class Refused extends Error {
  constructor(readonly status: ApiStatus) {
    super(`${status.code} ${status.reason}: ${status.message}`);
  }
}

/** All of it in the namespace "default". */
export function aStore(definitions: readonly KubeObject[] = []): Asking {
  const store = createStore({ now: START, rng: createRng(1), definitions });
  const at = (type: ResourceType): { type: ResourceType; namespace: string } => ({ type, namespace: type.namespaced ? 'default' : '' });
  const object = (request: Parameters<ApiStore['execute']>[0]): KubeObject => {
    const answer = store.execute(request, asking.now);
    if (!answer.ok) throw new Refused(answer.error);
    return answer.value.object as KubeObject;
  };
  const target = (subresource: string | undefined): { subresource?: string } => (subresource === undefined ? {} : { subresource });
  const asking: Asking = {
    store,
    now: START,
    create: (type, body, options = {}) => object({ verb: 'create', ...at(type), body, options }),
    get(type, name, subresource) {
      const answer = store.execute({ verb: 'get', ...at(type), name, ...target(subresource) }, asking.now);
      return answer.ok ? (answer.value.object as KubeObject) : undefined;
    },
    list: (type, options = {}) => object({ verb: 'list', type, namespace: 'default', options }) as unknown as KubeList,
    update: (type, body, subresource) => object({ verb: 'update', ...at(type), name: (body['metadata'] as { name: string }).name, body, options: {}, ...target(subresource) }),
    patch: (type, name, patchType, body, subresource) => object({ verb: 'patch', ...at(type), name, patchType, body, options: {}, ...target(subresource) }),
    remove: (type, name, body) => object({ verb: 'delete', ...at(type), name, body, options: {} }),
    failure(call) {
      try {
        call();
      } catch (error) {
        if (error instanceof Refused) return error.status;
        throw error;
      }
      throw new Error('the call did not fail');
    },
    watch(type, options = {}) {
      const events: StoreEvent[] = [];
      const handle = store.watch({ type, namespace: 'default', options }, (event) => events.push(event));
      assert(handle.ok, 'the watch starts');
      return events;
    },
  };
  return asking;
}

/** "ADDED a", "BOOKMARK 12": events in short. */
export function brief(events: readonly StoreEvent[]): string[] {
  return events.map((event) => (event.type === 'BOOKMARK' ? `BOOKMARK ${event.resourceVersion}` : event.type === 'ERROR' ? `ERROR ${event.status.code}` : `${event.type} ${event.object.metadata.name}`));
}

export const aConfigMap = (name: string, data: Record<string, string> = {}, labels?: Record<string, string>): Body => ({ metadata: { name, ...(labels === undefined ? {} : { labels }) }, data });

export const aPod = (name: string, spec: Body = {}): Body => ({ metadata: { name }, spec: { containers: [{ name: 'app', image: 'app:1' }], ...spec } });

export const aDeployment = (name: string, spec: Body = {}): Body => ({
  metadata: { name },
  spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: 'app:1' }] } }, ...spec },
});

export const aDefinition = (schema: unknown, extra: { readonly subresources?: unknown; readonly versions?: readonly string[] } = {}): KubeObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.test.io' },
  spec: {
    group: 'test.io',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: (extra.versions ?? ['v1']).map((name, index) => ({
      name,
      served: true,
      storage: index === 0,
      schema: { openAPIV3Schema: schema },
      ...(extra.subresources === undefined ? {} : { subresources: extra.subresources }),
    })),
  },
});

export const WIDGET: ResourceType = { group: 'test.io', version: 'v1', kind: 'Widget', plural: 'widgets', singular: 'widget', shortNames: [], categories: [], namespaced: true };
