// Asks the server what this person may do in a namespace.

import type { Cluster } from '../cluster/cluster.js';
import { type Right, RIGHTS, rightText } from '../console/acts/act.js';
import { apiVersionOf, SELF_SUBJECT_ACCESS_REVIEW } from '../kinds/resource-type.js';
import { isRecord } from '../lib/deep.js';

async function isDenied(cluster: Cluster, namespace: string, { verb, group, resource, subresource }: Right): Promise<boolean> {
  const type = SELF_SUBJECT_ACCESS_REVIEW;
  const resourceAttributes = { namespace, verb, group, resource, ...(subresource === undefined ? {} : { subresource }) };
  const answer = await cluster.create(
    { type, namespace: '', name: '' },
    { apiVersion: apiVersionOf(type), kind: type.kind, metadata: { name: '' }, spec: { resourceAttributes } },
  );
  // Without an answer nothing is known, and the server decides when it is asked for the change itself.
  const status = answer.ok && isRecord(answer.value['status']) ? answer.value['status'] : {};
  return status['allowed'] === false;
}

/** Those of the acts' rights that are denied. */
export async function deniedRights(cluster: Cluster, namespace: string): Promise<readonly string[]> {
  const answers = await Promise.all(RIGHTS.map((right) => isDenied(cluster, namespace, right)));
  return RIGHTS.filter((_right, place) => answers[place]).map(rightText);
}
