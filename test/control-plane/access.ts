// Who may speak to the API server: a certificate and a token for each program, made at the start and readable by this user only.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeCertificate } from '../../src/apiserver/http/certificate.js';

const OWNER_ONLY = 0o600;
const TOKEN_BYTES = 24;
/** All may do everything: what a control plane's own programs may do is not what is tested here. */
const USERS = ['admin', 'system:kube-controller-manager', 'system:kube-scheduler', 'kwok'] as const;

export type User = (typeof USERS)[number];

export type Access = {
  readonly url: string;
  readonly caPem: string;
  readonly files: { readonly certificate: string; readonly key: string; readonly tokens: string; readonly signingKey: string };
  readonly adminToken: string;
  kubeconfigOf(user: User): string;
};

/** JSON is YAML too. */
function kubeconfig(url: string, caPem: string, token: string): string {
  return `${JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'control-plane',
    clusters: [{ name: 'control-plane', cluster: { server: url, 'certificate-authority-data': Buffer.from(caPem).toString('base64') } }],
    users: [{ name: 'control-plane', user: { token } }],
    contexts: [{ name: 'control-plane', context: { cluster: 'control-plane', user: 'control-plane', namespace: 'default' } }],
  }, null, 2)}\n`;
}

export async function makeAccess(folder: string, url: string): Promise<Access> {
  await mkdir(folder, { mode: 0o700 });
  const write = async (name: string, text: string): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, text, { mode: OWNER_ONLY, flag: 'wx' });
    return file;
  };
  const { certPem, keyPem } = await makeCertificate(Date.now());
  const tokens = new Map(USERS.map((user) => [user, randomBytes(TOKEN_BYTES).toString('hex')]));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kubeconfigs = new Map<User, string>();
  for (const [user, token] of tokens) kubeconfigs.set(user, await write(`${user.replace('system:', '')}.kubeconfig`, kubeconfig(url, certPem, token)));
  return {
    url,
    caPem: certPem,
    files: {
      certificate: await write('server.crt', certPem),
      key: await write('server.key', keyPem),
      tokens: await write('tokens.csv', [...tokens].map(([user, token], index) => `${token},${user},${index},system:masters\n`).join('')),
      signingKey: await write('service-accounts.key', privateKey.export({ type: 'sec1', format: 'pem' }).toString()),
    },
    adminToken: tokens.get('admin') ?? '',
    kubeconfigOf: (user) => kubeconfigs.get(user) ?? '',
  };
}
