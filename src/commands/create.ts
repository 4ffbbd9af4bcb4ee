// `sluice create -f FILE`: creates the objects of release that files describe, fields that are not known refused.

import { readManifests } from '../app/load-manifests.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { ANALYSIS_RUN, ANALYSIS_TEMPLATE, apiVersionOf, CLUSTER_ANALYSIS_TEMPLATE, EXPERIMENT, type ResourceType, ROLLOUT } from '../kinds/resource-type.js';
import { err, ok, type Result } from '../lib/result.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, type Flags, readFlags } from './arguments.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { connect, errorText, type Target } from './connect.js';
import { createRecorded } from './perform.js';
import { ACT_FLAG_HELP, ACT_FLAGS } from './setting-flags.js';
import { EXPERIMENT_TREE, ROLLOUT_TREE, TREE_FLAG_HELP, TREE_FLAGS, type TreeKind, watchLimitMs, watchTree } from './watch-tree.js';

const TYPES: readonly ResourceType[] = [ROLLOUT, EXPERIMENT, ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE, ANALYSIS_RUN];

const TREES: readonly TreeKind[] = [ROLLOUT_TREE, EXPERIMENT_TREE];

type Wanted = { readonly origin: string; readonly type: ResourceType; readonly namespace: string; readonly object: KubeObject };

/** Where each object is to go; before anything is created, whether all of them can. */
async function wantedOf(files: readonly string[], target: Target, flags: Flags): Promise<Result<readonly Wanted[], string>> {
  const documents = await readManifests(files);
  if (!documents.ok) return documents;
  const wanted: Wanted[] = [];
  for (const { origin, object } of documents.value) {
    const type = TYPES.find((candidate) => candidate.kind === object.kind && apiVersionOf(candidate) === object.apiVersion);
    if (type === undefined) return err(`${origin}: creates no ${object.kind} of ${object.apiVersion}, only ${TYPES.map(({ kind }) => kind).join(', ')}`);
    const own = object.metadata.namespace;
    const asked = flags.text('namespace');
    if (type.namespaced && own !== undefined && asked !== undefined && own !== asked)
      return err(`${origin}: the object's namespace "${own}" is not "${asked}", which -n asks for`);
    wanted.push({ origin, type, namespace: type.namespaced ? (own ?? target.namespace) : '', object });
  }
  return wanted.length === 0 ? err(`no objects in ${files.join(', ')}`) : ok(wanted);
}

/** The name that the server has given. */
async function createOne({ origin, type, namespace, object }: Wanted, target: Target, flags: Flags, io: CommandIo): Promise<Result<string, string>> {
  const name = (object.metadata.name as string | undefined) ?? '';
  const metadata = { ...object.metadata, name, ...(type.namespaced ? { namespace } : {}) };
  const answer = await createRecorded(target, flags, io, { type, namespace, name }, { ...object, metadata });
  if (!answer.ok) return err(`${origin}: ${errorText(answer.error)}`);
  io.stdout(`${type.singular}.${type.group}/${answer.value.metadata.name} created\n`);
  return ok(answer.value.metadata.name);
}

async function run(files: readonly string[], target: Target, flags: Flags, io: CommandIo): Promise<Result<number, string>> {
  const wanted = await wantedOf(files, target, flags);
  if (!wanted.ok) return wanted;
  const trees = wanted.value.filter(({ type }) => TREES.some((tree) => tree.type === type));
  if (flags.on('watch') && trees.length !== 1) return err(`--watch shows one rollout or experiment, and the files hold ${trees.length}`);
  let watched: (() => Promise<number>) | undefined;
  for (const one of wanted.value) {
    const name = await createOne(one, target, flags, io);
    if (!name.ok) return name;
    const tree = TREES.find(({ type }) => type === one.type);
    if (tree !== undefined) watched = () => watchTree(tree, { ...target, namespace: one.namespace }, name.value, flags, io);
  }
  return ok(flags.on('watch') && watched !== undefined ? await watched() : 0);
}

export const create: Command = {
  words: 'create',
  summary: 'Create rollouts, experiments, analysis templates and analysis runs from files.',
  operands: '-f FILE',
  flags: [...CLUSTER_FLAG_HELP, '-f, --filename FILE      the file, or a folder of files; may be repeated', ...TREE_FLAG_HELP, ...ACT_FLAG_HELP],
  examples: ['sluice create -f experiment.yaml -w'],
  async run(words, io) {
    const flags = readFlags(words, { ...CLUSTER_FLAGS, ...ACT_FLAGS, ...TREE_FLAGS, filename: { type: 'string', short: 'f', multiple: true } });
    const files = flags.texts('filename');
    if (files.length === 0 || flags.operands.length > 0) throw new UsageError('the file is given with -f FILE');
    watchLimitMs(flags);
    const target = await connect(flags, io);
    const done = target.ok ? await run(files, target.value, flags, io) : target;
    if (done.ok) return done.value;
    io.stderr(`Error: ${done.error}\n`);
    return 1;
  },
};
