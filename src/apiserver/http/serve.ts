// The embedded server as others see it: the door open, the kubeconfig in its place, and both gone when it stops.

import type { Result } from '../../lib/result.js';
import { err, ok } from '../../lib/result.js';
import type { HttpsDoor, HttpsDoorOptions } from './door.js';
import { startHttpsDoor } from './door.js';
import { removeKubeconfig, removeKubeconfigNow, writeKubeconfig } from './kubeconfig.js';

export type ServeOptions = HttpsDoorOptions & {
  /** Where the kubeconfig is written; absent: nowhere. The folder must exist. */
  readonly kubeconfigPath?: string;
};

export type Served = {
  readonly door: HttpsDoor;
  /** Closes the door and removes the kubeconfig, unless another server has replaced it since. */
  stop(): Promise<void>;
};

/** The error is a sentence: the port is in use, or the kubeconfig cannot be written. Nothing stays open then. */
export async function serve(options: ServeOptions): Promise<Result<Served, string>> {
  let door: HttpsDoor;
  try {
    door = await startHttpsDoor(options);
  } catch (error) {
    return err(reasonOf(error));
  }
  const { kubeconfigPath } = options;
  const text = door.kubeconfig();
  if (kubeconfigPath === undefined) return ok({ door, stop: () => door.close() });
  try {
    await writeKubeconfig(kubeconfigPath, text);
  } catch (error) {
    await door.close();
    return err(`cannot write the kubeconfig ${kubeconfigPath}: ${reasonOf(error)}`);
  }
  // An end that nobody waits for (a fault, a leave-taking that took too long) takes it along too.
  const atExit = (): void => removeKubeconfigNow(kubeconfigPath, text);
  process.once('exit', atExit);
  return ok({
    door,
    stop: async () => {
      await removeKubeconfig(kubeconfigPath, text);
      process.removeListener('exit', atExit);
      await door.close();
    },
  });
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
