// Who acts, as far as can be known: for the audit log, for holds, and for others who look at the same rollout.

import { hostname, userInfo } from 'node:os';
import type { Cluster } from '../cluster/cluster.js';
import { apiVersionOf, SELF_SUBJECT_REVIEW } from '../kinds/resource-type.js';
import { isRecord } from '../lib/deep.js';

export type Identity = {
  /** As the server knows them, or as the kubeconfig calls them; "" where there is neither. */
  readonly user: string;
  readonly osUser: string;
  readonly host: string;
};

function osUserName(environment: Readonly<Record<string, string | undefined>>): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return environment['USER'] ?? `uid ${process.getuid?.() ?? '?'}`;
  }
}

export function localIdentity(environment: Readonly<Record<string, string | undefined>>, kubeconfigUser = ''): Identity {
  return { user: kubeconfigUser, osUser: osUserName(environment), host: hostname() };
}

/** Asks the server who this is; older ones do not know the question, and then the kubeconfig's name stays. */
export async function askIdentity(cluster: Cluster, local: Identity): Promise<Identity> {
  const type = SELF_SUBJECT_REVIEW;
  const answer = await cluster.create({ type, namespace: '', name: '' }, { apiVersion: apiVersionOf(type), kind: type.kind, metadata: { name: '' } });
  const status = answer.ok && isRecord(answer.value['status']) ? answer.value['status'] : {};
  const info = isRecord(status['userInfo']) ? status['userInfo'] : {};
  return typeof info['username'] === 'string' && info['username'] !== '' ? { ...local, user: info['username'] } : local;
}

/** "ana@jump-2", or "ana (system:admin)@jump-2" where the server knows them by another name. */
export function identityText({ user, osUser, host }: Identity): string {
  return `${osUser}${user === '' || user === osUser ? '' : ` (${user})`}@${host}`;
}
