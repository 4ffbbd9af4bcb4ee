// Creates the objects of the demos on a cluster, each host with the address at which its app answers.

import type { Cluster } from '../../cluster/cluster.js';
import { DEMO_MANAGER } from '../../kinds/field-managers.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { isRecord } from '../../lib/deep.js';
import { ok, type Result } from '../../lib/result.js';
import { ANNOTATION_PREFIX } from '../../sandbox/behaviour.js';
import { createObject, createTypeLookup } from '../create-object.js';
import { type Addresses, type Scenario, timesAt } from './scenario.js';

/** On the Service or VirtualService of a host: where `curl` finds its app. */
export const URL_ANNOTATION = `${ANNOTATION_PREFIX}url`;

function hostNameOf(object: KubeObject): string | undefined {
  if (object.kind === 'Service') return object.metadata.name;
  const hosts = object.kind === 'VirtualService' && isRecord(object['spec']) ? object['spec']['hosts'] : undefined;
  return Array.isArray(hosts) && typeof hosts[0] === 'string' ? hosts[0] : undefined;
}

function withAddress(object: KubeObject, scenario: Scenario, addresses: Addresses): KubeObject {
  const name = hostNameOf(object);
  const host = scenario.hosts.find((each) => each.name === name && each.namespace === object.metadata.namespace);
  if (host === undefined) return object;
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [URL_ANNOTATION]: addresses.app(host.namespace, host.name) } },
  };
}

/** `pace` divides the seeds' durations; undefined takes each demo's own. The failure names the object and the server's reason. */
export async function loadScenarios(
  cluster: Cluster,
  scenarios: readonly Scenario[],
  addresses: Addresses,
  pace: number | undefined,
): Promise<Result<undefined, string>> {
  const lookup = createTypeLookup(cluster);
  for (const scenario of scenarios) {
    for (const object of scenario.manifests(timesAt(pace ?? scenario.pace), addresses)) {
      const loaded = await createObject(cluster, lookup, { origin: `demo ${scenario.name}`, object: withAddress(object, scenario, addresses) }, DEMO_MANAGER);
      if (!loaded.ok) return loaded;
    }
  }
  return ok(undefined);
}
