// Where the kubeconfig of an embedded cluster goes unless somebody says otherwise.

import { tmpdir } from 'node:os';
import path from 'node:path';

/** In the user's run-time folder, which others can not read, or the temp folder. One file for each process. */
export function defaultKubeconfigPath(environment: Readonly<Record<string, string | undefined>>): string {
  const { XDG_RUNTIME_DIR: runtime = '' } = environment;
  return path.join(runtime === '' ? tmpdir() : runtime, `sluice-${process.pid}.kubeconfig`);
}
