// Where `sluice notifications` has its settings and its rollout from: the cluster, or files. The cluster is asked only for what no file has.

import { engineLease } from '../app/attach-engine.js';
import { readManifests } from '../app/load-manifests.js';
import { dataTexts, secretTexts } from '../kinds/data-texts.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { ANALYSIS_RUN, CONFIG_MAP, ROLLOUT, SECRET } from '../kinds/resource-type.js';
import { err, ok, type Result } from '../lib/result.js';
import { CONFIG_MAP_NAME, SECRET_NAME } from '../notifiers/names.js';
import { runsOfVersion } from '../notifiers/runs.js';
import type { Texts } from '../notifiers/settings.js';
import type { Flags } from './arguments.js';
import type { CommandIo } from './command.js';
import { connect, errorText, type Target } from './connect.js';

/** In place of a file: no Secret at all. */
export const NO_SECRET = ':empty';

const NOT_FOUND = 404;

/** Connects when it is first needed. */
export type Connection = () => Promise<Result<Target, string>>;

export function connection(flags: Flags, io: CommandIo): Connection {
  let opened: Promise<Result<Target, string>> | undefined;
  return () => (opened ??= connect(flags, io));
}

async function fromFile(file: string, kind: string): Promise<Result<KubeObject, string>> {
  const documents = await readManifests([file]);
  if (!documents.ok) return documents;
  const found = documents.value.find(({ object }) => object.kind === kind);
  return found === undefined ? err(`${file} holds no ${kind}`) : ok(found.object);
}

async function fromCluster(ref: Pick<ObjectRef, 'type' | 'name'>, io: CommandIo, open: Connection): Promise<Result<KubeObject | undefined, string>> {
  const target = await open();
  if (!target.ok) return target;
  const { namespace } = await engineLease(io.environment);
  const found = await target.value.cluster.get({ ...ref, namespace });
  if (found.ok) return found;
  return found.error.code === NOT_FOUND ? ok(undefined) : err(errorText(found.error));
}

/** What the ConfigMap sets. */
export async function configData(flags: Flags, io: CommandIo, open: Connection): Promise<Result<Texts, string>> {
  const file = flags.text('config-map');
  const found = file === undefined ? await fromCluster({ type: CONFIG_MAP, name: CONFIG_MAP_NAME }, io, open) : await fromFile(file, 'ConfigMap');
  if (!found.ok) return found;
  if (found.value !== undefined) return ok(dataTexts(found.value['data']));
  const { namespace } = await engineLease(io.environment);
  return err(`there is no ConfigMap ${namespace}/${CONFIG_MAP_NAME}: --config-map reads one from a file, $POD_NAMESPACE names another namespace of the engine`);
}

/** The texts of the Secret; none where there is none. */
export async function secretOf(flags: Flags, io: CommandIo, open: Connection): Promise<Result<Texts, string>> {
  const file = flags.text('secret');
  if (file === NO_SECRET) return ok({});
  const found = file === undefined ? await fromCluster({ type: SECRET, name: SECRET_NAME }, io, open) : await fromFile(file, 'Secret');
  if (!found.ok) return found;
  return ok({ ...secretTexts(found.value?.['data']), ...dataTexts(found.value?.['stringData']) });
}

export type Looked = { readonly rollout: KubeObject; readonly analysisRuns: readonly KubeObject[] };

/** A rollout by name, with its analysis runs, or one in a file. */
export async function rolloutOf(name: string, open: Connection): Promise<Result<Looked, string>> {
  if (/\.(ya?ml|json)$/.test(name)) {
    const found = await fromFile(name, ROLLOUT.kind);
    return found.ok ? ok({ rollout: found.value, analysisRuns: [] }) : found;
  }
  const target = await open();
  if (!target.ok) return target;
  const { cluster, namespace } = target.value;
  const [rollout, runs] = await Promise.all([cluster.get({ type: ROLLOUT, namespace, name }), cluster.list(ANALYSIS_RUN, { namespace })]);
  if (!rollout.ok) return err(errorText(rollout.error));
  if (!runs.ok) return err(errorText(runs.error));
  const own = runs.value.items.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === rollout.value.metadata.uid) === true);
  return ok({ rollout: rollout.value, analysisRuns: runsOfVersion(rollout.value, own) });
}
