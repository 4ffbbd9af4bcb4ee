// The kubeconfig of the embedded server: one cluster, one user, one context, all named "sluice".
// It holds the bearer token, so only its owner may read it, and it goes away with the server.

import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { OWNER_ONLY } from '../../lib/owner-only.js';

export const CONTEXT_NAME = 'sluice';

export function kubeconfigText(server: { readonly url: string; readonly caPem: string; readonly token: string }): string {
  return [
    '# Made by sluice for its embedded server; both are gone when it stops.',
    'apiVersion: v1',
    'kind: Config',
    `current-context: ${CONTEXT_NAME}`,
    'clusters:',
    `- name: ${CONTEXT_NAME}`,
    '  cluster:',
    `    server: ${server.url}`,
    `    certificate-authority-data: ${Buffer.from(server.caPem).toString('base64')}`,
    'contexts:',
    `- name: ${CONTEXT_NAME}`,
    '  context:',
    `    cluster: ${CONTEXT_NAME}`,
    `    user: ${CONTEXT_NAME}`,
    '    namespace: default',
    'users:',
    `- name: ${CONTEXT_NAME}`,
    '  user:',
    `    token: ${server.token}`,
    '',
  ].join('\n');
}

/** Writes the file in one step (a reader sees the old one or the new one, never a half), readable by its owner only. Rejects as `node:fs` does. */
export async function writeKubeconfig(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(draft, text, { mode: OWNER_ONLY, flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Removes the file if it is still the one that was written: a second server may have replaced it since. */
export async function removeKubeconfig(path: string, text: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => undefined);
  if (found === text) await rm(path, { force: true });
}

/** The same at once, for a process that ends now; its end is no place to fail. */
export function removeKubeconfigNow(path: string, text: string): void {
  try {
    if (readFileSync(path, 'utf8') === text) rmSync(path, { force: true });
  } catch {
    // It is gone already, or can not be read: the next start looks for it again.
  }
}
