// Whether there is any kubeconfig to read, found out without reading it: cheap enough to ask before the first frame.

import { access } from 'node:fs/promises';
import path from 'node:path';
import { type KubeconfigSource, SERVICE_ACCOUNT_FOLDER } from './kubeconfig.js';

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** True as well for a file that was named and is missing: reading it says so in better words. */
export async function hasKubeconfig(source: KubeconfigSource): Promise<boolean> {
  if (source.file !== undefined) return true;
  const { KUBECONFIG: named = '', HOME: home = '' } = source.environment;
  if (named !== '') return true;
  return (await exists(path.join(home, '.kube', 'config'))) || exists(path.join(source.serviceAccountFolder ?? SERVICE_ACCOUNT_FOLDER, 'token'));
}
