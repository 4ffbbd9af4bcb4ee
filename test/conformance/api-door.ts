// What the contract of the API is held against: one request at a time, as the store names it, whichever way it goes there.
// Beside the Cluster port (cluster-contract.ts), which is what console and engine lean on, this is what strangers lean on.

import assert from 'node:assert/strict';
import type { ApiAnswer, ApiOptions, ApiRequest, ApiStatus, WatchRequest } from '../../src/apiserver/store/api.js';
import type { PatchType } from '../../src/kinds/change.js';
import type { KubeList, KubeObject } from '../../src/kinds/kube-object.js';
import { apiVersionOf, NAMESPACE, type ResourceType } from '../../src/kinds/resource-type.js';
import type { Result } from '../../src/lib/result.js';

export type Seen = { readonly type: string; readonly object: KubeObject };

export type Api = {
  ask(request: ApiRequest): Promise<Result<ApiAnswer, ApiStatus>>;
  /** Resolves when `enough` holds of what was seen, or when the server ends the watch. */
  watch(request: WatchRequest, enough: (seen: readonly Seen[]) => boolean): Promise<readonly Seen[]>;
};

/** Only servers that speak HTTP have it: for what is not the store's affair. */
export type Http = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<{ readonly code: number; readonly type: string; readonly text: string; readonly warning: string; readonly headers: Readonly<Record<string, unknown>> }>;

// A real server tries what failed again after longer and longer times.
const LONGEST_WAIT_MS = 60_000;

/** Asks again until it holds: on a real server controllers do a moment later what they do. */
export async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + LONGEST_WAIT_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < limit, `in the end ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Short ways to ask in a namespace of one's own; each fails with what the server said. */
export type Stage = {
  readonly api: Api;
  readonly namespace: string;
  create(type: ResourceType, body: object, options?: ApiOptions): Promise<KubeObject>;
  get(type: ResourceType, name: string, subresource?: string): Promise<KubeObject>;
  find(type: ResourceType, name: string): Promise<KubeObject | undefined>;
  list(type: ResourceType, options?: ApiOptions): Promise<KubeList>;
  update(type: ResourceType, body: object, options?: ApiOptions, subresource?: string): Promise<KubeObject>;
  patch(type: ResourceType, name: string, patchType: PatchType, body: unknown, options?: ApiOptions, subresource?: string): Promise<KubeObject>;
  post(type: ResourceType, name: string, subresource: string, body: object): Promise<KubeObject>;
  remove(type: ResourceType, name: string, body?: object, options?: ApiOptions): Promise<KubeObject>;
  removeAll(type: ResourceType, options: ApiOptions): Promise<void>;
  /** The refusal of what must be refused. */
  refused(asking: Promise<unknown>, code: number, reason?: string): Promise<ApiStatus>;
};

const made = new WeakMap<Api, string[]>();

/** Deletes the namespaces that were worked in; what they hold goes with them, some time. */
export async function clear(api: Api): Promise<void> {
  for (const name of made.get(api) ?? []) await api.ask({ verb: 'delete', type: NAMESPACE, namespace: '', name, options: {} });
}

export class Refused extends Error {
  constructor(readonly status: ApiStatus) {
    super(`${status.code} ${status.reason}: ${status.message}`);
  }
}

const NO_ACCOUNT_YET = /error looking up service account \S+\/default: /;

const MANAGER: ApiOptions = { fieldManager: 'contract' };

/** Bodies without kind and version get those of the type. */
const whole = (type: ResourceType, body: object): object => ({ apiVersion: apiVersionOf(type), kind: type.kind, ...body });

/** What is applied says its name. */
const named = (body: object, name: string): object => ({ ...body, metadata: { name, ...(body as Partial<KubeObject>).metadata } });

export async function stage(api: Api): Promise<Stage> {
  const one = async (request: ApiRequest): Promise<KubeObject> => {
    let answer = await api.ask(request);
    // A new namespace of a real server has its account a moment later, and takes no pod before.
    if (!answer.ok && NO_ACCOUNT_YET.test(answer.error.message)) {
      await eventually('the namespace has its account', async () => {
        answer = await api.ask(request);
        return answer.ok || !NO_ACCOUNT_YET.test(answer.error.message);
      });
    }
    if (!answer.ok) throw new Refused(answer.error);
    return answer.value.object as KubeObject;
  };
  const home = await one({ verb: 'create', type: NAMESPACE, namespace: '', body: whole(NAMESPACE, { metadata: { generateName: 'contract-' } }), options: MANAGER });
  const namespace = home.metadata.name;
  made.set(api, [...(made.get(api) ?? []), namespace]);
  const at = (type: ResourceType, subresource?: string): { type: ResourceType; namespace: string; subresource?: string } => ({
    type, namespace: type.namespaced ? namespace : '', ...(subresource === undefined ? {} : { subresource }),
  });
  return {
    api,
    namespace,
    create: (type, body, options = {}) => one({ verb: 'create', ...at(type), body: whole(type, body), options: { ...MANAGER, ...options } }),
    get: (type, name, subresource) => one({ verb: 'get', ...at(type, subresource), name }),
    async find(type, name) {
      const answer = await api.ask({ verb: 'get', ...at(type), name });
      return answer.ok ? (answer.value.object as KubeObject) : undefined;
    },
    list: async (type, options = {}) => (await one({ verb: 'list', ...at(type), options })) as unknown as KubeList,
    update: (type, body, options = {}, subresource) =>
      one({ verb: 'update', ...at(type, subresource), name: (body as KubeObject).metadata.name, body: whole(type, body), options: { ...MANAGER, ...options } }),
    patch: (type, name, patchType, body, options = {}, subresource) => {
      const applied = patchType === 'apply' && subresource !== 'scale' ? named(whole(type, body as object), name) : body;
      return one({ verb: 'patch', ...at(type, subresource), name, patchType, body: applied, options: { ...MANAGER, ...options } });
    },
    post: (type, name, subresource, body) => one({ verb: 'create', ...at(type, subresource), name, body, options: MANAGER }),
    remove: (type, name, body, options = {}) => one({ verb: 'delete', ...at(type), name, ...(body === undefined ? {} : { body }), options }),
    removeAll: async (type, options) => {
      await one({ verb: 'deletecollection', ...at(type), options });
    },
    async refused(asking, code, reason) {
      try {
        await asking;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        assert.equal(error.status.code, code, error.message);
        if (reason !== undefined) assert.equal(error.status.reason, reason, error.message);
        return error.status;
      }
      throw new assert.AssertionError({ message: `it is refused with ${code}` });
    },
  };
}
