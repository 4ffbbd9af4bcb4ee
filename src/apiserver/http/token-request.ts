// `kubectl create token`: a token with which a service account is known here for a while.

import type { KubeObject } from '../../kinds/kube-object.js';
import type { ObjectRef } from '../../kinds/object-ref.js';
import { isRecord } from '../../lib/deep.js';
import { formatTime, type Instant } from '../../lib/instant.js';
import type { ApiStore } from '../store/api.js';
import type { Reply } from './reply.js';
import { jsonReply, statusReply } from './reply.js';
import { failure } from './status.js';
import type { Users } from './users.js';

const DEFAULT_SECONDS = 3600;
const FEWEST_SECONDS = 600;

export function tokenReply(store: ApiStore, users: Users, now: Instant, account: ObjectRef, body: unknown): Reply {
  const found = store.execute({ verb: 'get', ...account }, now);
  if (!found.ok) return statusReply(found.error);
  const spec = isRecord(body) && isRecord(body['spec']) ? body['spec'] : {};
  const seconds = typeof spec['expirationSeconds'] === 'number' ? spec['expirationSeconds'] : DEFAULT_SECONDS;
  if (seconds < FEWEST_SECONDS) {
    const message = `spec.expirationSeconds: Invalid value: ${seconds}: may not specify a duration less than 10 minutes`;
    return statusReply(failure(422, 'Invalid', `TokenRequest.authentication.k8s.io "" is invalid: ${message}`));
  }
  const { uid = '' } = (found.value.object as KubeObject).metadata;
  const expiresAt = now + seconds * 1000;
  const { namespace, name } = account;
  return jsonReply(201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: formatTime(now) },
    spec: { audiences: Array.isArray(spec['audiences']) ? spec['audiences'] : ['sluice'], expirationSeconds: seconds, boundObjectRef: null },
    status: { token: users.mint({ namespace, name, uid, expiresAt }), expirationTimestamp: formatTime(expiresAt) },
  });
}
