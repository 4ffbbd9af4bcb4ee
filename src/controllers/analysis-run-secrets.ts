// The values of a run's arguments, secrets read live: they are never cached and never written.

import { argumentValues, type ArgumentValues } from '../decide/analysis/template-args.js';
import type { AnalysisRun } from '../kinds/analysis-run.js';
import { secretTexts } from '../kinds/data-texts.js';
import { SECRET } from '../kinds/resource-type.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { ProviderCluster } from '../providers/provider.js';
import type { ControllerIo } from './reconciler.js';

export type RunArguments = { readonly values: ArgumentValues; readonly secrets: readonly string[] };

/** `transient`: the API did not answer, which says nothing about the run. */
export type ArgumentFailure = { readonly transient: boolean; readonly message: string };

const NOT_FOUND = 404;

type Texts = Readonly<Record<string, string>>;

/** The texts of a Secret by key; undefined when there is none of that name. */
export async function readSecret(
  cluster: Pick<ProviderCluster, 'read'>,
  namespace: string,
  name: string,
): Promise<Result<Texts | undefined, { readonly message: string }>> {
  const secret = await cluster.read({ type: SECRET, namespace, name });
  if (!secret.ok) return secret.error.code === NOT_FOUND ? ok(undefined) : secret;
  return ok(secretTexts(secret.value['data']));
}

export async function readArguments(run: AnalysisRun, io: ControllerIo): Promise<Result<RunArguments, ArgumentFailure>> {
  const read = new Map<string, string>();
  for (const arg of run.spec.args ?? []) {
    const ref = arg.valueFrom?.secretKeyRef;
    if (ref === undefined) continue;
    const secret = await readSecret(io, run.metadata.namespace ?? '', ref.name);
    if (!secret.ok) return err({ transient: true, message: `secret ${ref.name}: ${secret.error.message}` });
    if (secret.value === undefined) return err({ transient: false, message: `secrets "${ref.name}" not found` });
    const text = secret.value[ref.key];
    if (text === undefined) return err({ transient: false, message: `key '${ref.key}' does not exist in secret '${ref.name}'` });
    read.set(keyOf(ref.name, ref.key), text);
  }
  const values = argumentValues(run.spec.args, (name, key) => read.get(keyOf(name, key)));
  return values.ok ? ok({ values: values.value, secrets: [...read.values()] }) : err({ transient: false, message: values.error });
}

const keyOf = (name: string, key: string): string => `${name}/${key}`;
