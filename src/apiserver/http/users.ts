// Who asks: the bearer of the server's own token, a service account by a token that was made here, or whom they stand in for.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { KubeObject } from '../../kinds/kube-object.js';
import { SERVICE_ACCOUNT } from '../../kinds/resource-type.js';
import { isRecord } from '../../lib/deep.js';
import type { Instant } from '../../lib/instant.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { ApiStatus, ApiStore } from '../store/api.js';
import { authorize, forbiddenAnswer, MASTERS, type Attributes } from './authorize.js';
import { badRequest, unauthorized } from './status.js';

export type User = {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
};

export type ServiceAccountClaims = { readonly namespace: string; readonly name: string; readonly uid: string; readonly expiresAt: Instant };

export type Users = {
  /** 401 for those whom nobody knows, 403 for those who may not stand in for others. */
  identify(headers: IncomingHttpHeaders, now: Instant): Result<User, ApiStatus>;
  mint(claims: ServiceAccountClaims): string;
};

const AUTHENTICATED = 'system:authenticated';
const ADMIN: User = { name: 'sluice', groups: [MASTERS, AUTHENTICATED] };
const SERVICE_ACCOUNT_PREFIX = 'system:serviceaccount:';
const KEY_BYTES = 32;

const serviceAccountGroups = (namespace: string): readonly string[] => ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];

export function createUsers(store: ApiStore, adminToken: string): Users {
  const key = randomBytes(KEY_BYTES);
  // Hashes are compared, so that neither content nor length of a token shows in the time it takes.
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = digest(adminToken);
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('base64url');

  const accountOf = (token: string, now: Instant): User | undefined => {
    const [header = '', payload = '', signature = ''] = token.split('.');
    if (!timingSafeEqual(digest(sign(`${header}.${payload}`)), digest(signature))) return undefined;
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const account = isRecord(claims) && isRecord(claims['kubernetes.io']) ? claims['kubernetes.io'] : {};
    const { namespace, name, uid } = account;
    if (typeof namespace !== 'string' || typeof name !== 'string' || !isRecord(claims) || Number(claims['exp']) * 1000 <= now) return undefined;
    const found = store.execute({ verb: 'get', type: SERVICE_ACCOUNT, namespace, name }, now);
    if (!found.ok || (found.value.object as KubeObject).metadata.uid !== uid) return undefined;
    return { name: `${SERVICE_ACCOUNT_PREFIX}${namespace}:${name}`, groups: [...serviceAccountGroups(namespace), AUTHENTICATED], uid: String(uid) };
  };

  return {
    identify(headers, now) {
      const token = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? '';
      const bearer = timingSafeEqual(digest(token), wanted) ? ADMIN : accountOf(token, now);
      if (bearer === undefined) return err(unauthorized());
      const wish = impersonated(headers);
      if (!wish.ok || wish.value === undefined) return wish.ok ? ok(bearer) : wish;
      const refused = refusedWishes(wish.value).find((attributes) => !authorize(store, now, bearer, attributes).allowed);
      return refused === undefined ? ok(wish.value) : err(forbiddenAnswer(bearer, refused));
    },
    mint({ namespace, name, uid, expiresAt }) {
      const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const subject = `${SERVICE_ACCOUNT_PREFIX}${namespace}:${name}`;
      const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ exp: Math.floor(expiresAt / 1000), sub: subject, 'kubernetes.io': { namespace, name, uid } })}`;
      return `${text}.${sign(text)}`;
    },
  };
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? value.split(/, */) : value;

/** What `--as` and `--as-group` send. */
function impersonated(headers: IncomingHttpHeaders): Result<User | undefined, ApiStatus> {
  const name = headers['impersonate-user'];
  const groups = listOf(headers['impersonate-group']);
  if (typeof name !== 'string' || name === '') return groups.length > 0 ? err(badRequest('requested groups without impersonating a user')) : ok(undefined);
  const parts = name.startsWith(SERVICE_ACCOUNT_PREFIX) ? name.slice(SERVICE_ACCOUNT_PREFIX.length).split(':') : [];
  const own = parts.length === 2 && groups.length === 0 ? serviceAccountGroups(parts[0] ?? '') : [];
  const uid = headers['impersonate-uid'];
  return ok({ name, groups: [...new Set([...groups, ...own, AUTHENTICATED])], ...(typeof uid === 'string' ? { uid } : {}) });
}

/** What the bearer must be allowed to do to stand in for that user. */
function refusedWishes(user: User): readonly Attributes[] {
  const wish = (resource: string, name: string, namespace?: string): Attributes => ({
    verb: 'impersonate',
    group: '',
    resource,
    subresource: '',
    name,
    namespace,
  });
  const [namespace, account] = user.name.startsWith(SERVICE_ACCOUNT_PREFIX) ? user.name.slice(SERVICE_ACCOUNT_PREFIX.length).split(':') : [];
  const who = namespace !== undefined && account !== undefined ? wish('serviceaccounts', account, namespace) : wish('users', user.name);
  const given = user.groups.filter((group) => group !== AUTHENTICATED && !group.startsWith('system:serviceaccounts'));
  return [who, ...given.map((group) => wish('groups', group))];
}
