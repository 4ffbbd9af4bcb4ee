// The values of a run's arguments, secrets read live: they are never cached and never written.

import { argumentValues, type ArgumentValues } from '../decide/analysis/template-args.js';
import type { AnalysisRun } from '../kinds/analysis-run.js';
import { SECRET } from '../kinds/resource-type.js';
import { isRecord } from '../lib/deep.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { ControllerIo } from './reconciler.js';

export type RunArguments = { readonly values: ArgumentValues; readonly secrets: readonly string[] };

/** `transient`: the API did not answer, which says nothing about the run. */
export type ArgumentFailure = { readonly transient: boolean; readonly message: string };

const NOT_FOUND = 404;

export async function readArguments(run: AnalysisRun, io: ControllerIo): Promise<Result<RunArguments, ArgumentFailure>> {
  const read = new Map<string, string>();
  for (const arg of run.spec.args ?? []) {
    const ref = arg.valueFrom?.secretKeyRef;
    if (ref === undefined) continue;
    const secret = await io.read({ type: SECRET, namespace: run.metadata.namespace ?? '', name: ref.name });
    if (!secret.ok) {
      const missing = secret.error.code === NOT_FOUND;
      return err({ transient: !missing, message: missing ? `secrets "${ref.name}" not found` : `secret ${ref.name}: ${secret.error.message}` });
    }
    const data = secret.value['data'];
    const encoded = isRecord(data) ? data[ref.key] : undefined;
    if (typeof encoded !== 'string') return err({ transient: false, message: `key '${ref.key}' does not exist in secret '${ref.name}'` });
    read.set(keyOf(ref.name, ref.key), Buffer.from(encoded, 'base64').toString('utf8'));
  }
  const values = argumentValues(run.spec.args, (name, key) => read.get(keyOf(name, key)));
  return values.ok ? ok({ values: values.value, secrets: [...read.values()] }) : err({ transient: false, message: values.error });
}

const keyOf = (name: string, key: string): string => `${name}/${key}`;
