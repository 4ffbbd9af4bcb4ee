// Asks the server what this person may do in a namespace.

import type { Cluster } from '../cluster/cluster.js';
import { type Right, RIGHTS, rightText } from '../console/acts/act.js';
import { apiVersionOf, SELF_SUBJECT_ACCESS_REVIEW } from '../kinds/resource-type.js';
import { isRecord } from '../lib/deep.js';

/** One thing that may be allowed or not. */
export type Asked = Omit<Right, 'verb'> & { readonly verb: string };

/** Undefined without an answer: then nothing is known. */
export async function isAllowed(cluster: Cluster, namespace: string, { verb, group, resource, subresource }: Asked): Promise<boolean | undefined> {
  const type = SELF_SUBJECT_ACCESS_REVIEW;
  const resourceAttributes = { namespace, verb, group, resource, ...(subresource === undefined ? {} : { subresource }) };
  const answer = await cluster.create(
    { type, namespace: '', name: '' },
    { apiVersion: apiVersionOf(type), kind: type.kind, metadata: { name: '' }, spec: { resourceAttributes } },
  );
  const status = answer.ok && isRecord(answer.value['status']) ? answer.value['status'] : {};
  return typeof status['allowed'] === 'boolean' ? status['allowed'] : undefined;
}

/** Those of the acts' rights that are denied. What is not known is no obstacle: the server decides when it is asked for the change itself. */
export async function deniedRights(cluster: Cluster, namespace: string): Promise<readonly string[]> {
  const answers = await Promise.all(RIGHTS.map((right) => isAllowed(cluster, namespace, right)));
  return RIGHTS.filter((_right, place) => answers[place] === false).map(rightText);
}
