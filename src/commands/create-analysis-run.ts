// `sluice create analysisrun --from TEMPLATE`: measures now what a template describes, outside any rollout.

import { buildRunSpec } from '../decide/analysis/run-spec.js';
import { type AnalysisTemplate, asAnalysisTemplate } from '../kinds/analysis-template.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { INSTANCE_ID } from '../kinds/labels.js';
import { ANALYSIS_RUN, ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE, type ResourceType } from '../kinds/resource-type.js';
import { err, ok, type Result } from '../lib/result.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, type Flags, readFlags } from './arguments.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { connect, errorText, type Target } from './connect.js';
import { createRecorded } from './perform.js';
import { ACT_FLAG_HELP, ACT_FLAGS } from './setting-flags.js';

type Argument = { readonly name: string; readonly value: string };

function readArgument(word: string): Argument {
  const at = word.indexOf('=');
  if (at <= 0) throw new UsageError(`-a wants NAME=VALUE, not "${word}"`);
  return { name: word.slice(0, at), value: word.slice(at + 1) };
}

async function allOf({ cluster, namespace }: Target, type: ResourceType): Promise<Result<readonly AnalysisTemplate[], string>> {
  const list = await cluster.list(type, type.namespaced ? { namespace } : {});
  return list.ok ? ok(list.value.items.map(asAnalysisTemplate)) : err(errorText(list.error));
}

/** Every document of a file: its templates stand beside those of the cluster, before them. */
async function fromFile(file: string): Promise<Result<readonly KubeObject[], string>> {
  const { readManifests } = await import('../app/load-manifests.js');
  const documents = await readManifests([file]);
  return documents.ok ? ok(documents.value.map(({ object }) => object).filter((object) => /^(Cluster)?AnalysisTemplate$/.test(object.kind))) : documents;
}

/** The name that the server has given. */
async function create(target: Target, flags: Flags, args: readonly Argument[], io: CommandIo): Promise<Result<string, string>> {
  const file = flags.text('from-file');
  const read = file === undefined ? ok([]) : await fromFile(file);
  if (!read.ok) return read;
  const [first] = read.value;
  const from = flags.text('from') ?? first?.metadata.name;
  if (from === undefined) return err(`${file ?? ''} holds no AnalysisTemplate`);
  const isGlobal = file === undefined ? flags.on('global') : first?.kind === 'ClusterAnalysisTemplate';
  const [own, cluster] = await Promise.all([allOf(target, ANALYSIS_TEMPLATE), allOf(target, CLUSTER_ANALYSIS_TEMPLATE)]);
  if (!own.ok) return own;
  if (!cluster.ok) return cluster;
  const ofKind = (kind: string): readonly AnalysisTemplate[] => read.value.filter((object) => object.kind === kind).map(asAnalysisTemplate);
  const source = { templates: [...ofKind('AnalysisTemplate'), ...own.value], clusterTemplates: [...ofKind('ClusterAnalysisTemplate'), ...cluster.value] };
  const refs = [{ templateName: from, ...(isGlobal ? { clusterScope: true } : {}) }];
  const spec = buildRunSpec({ ...source, refs, args, dryRun: [], measurementRetention: [] });
  if (!spec.ok) return spec;
  const name = flags.text('name');
  const template = (isGlobal ? source.clusterTemplates : source.templates).find((each) => each.metadata.name === from);
  const instance = flags.text('instance-id');
  const given = { ...template?.metadata.labels, ...(instance === undefined ? {} : { [INSTANCE_ID]: instance }) };
  const labels = Object.keys(given).length === 0 ? {} : { labels: given };
  const metadata = name === undefined ? { name: '', generateName: flags.text('generate-name') ?? `${from}-`, ...labels } : { name, ...labels };
  const { namespace } = target;
  const object: KubeObject = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', metadata: { ...metadata, namespace }, spec: spec.value };
  const answer = await createRecorded(target, flags, io, { type: ANALYSIS_RUN, namespace, name: metadata.name }, object);
  return answer.ok ? ok(answer.value.metadata.name) : err(errorText(answer.error));
}

export const createAnalysisRun: Command = {
  words: 'create analysisrun',
  summary: 'Measure now what an AnalysisTemplate describes.',
  operands: '--from TEMPLATE',
  flags: [
    ...CLUSTER_FLAG_HELP,
    '    --from NAME          the template',
    '    --global             it is a ClusterAnalysisTemplate',
    '    --from-file FILE     the template from a file, beside those of the cluster',
    '-a, --argument NAME=VALUE  an argument of the template; may be repeated',
    "    --name NAME          the run's name (default: generated)",
    '    --generate-name P    the beginning of a generated name (default: TEMPLATE-)',
    '    --instance-id ID     for the controller of that instance alone (a label)',
    ...ACT_FLAG_HELP,
  ],
  examples: ['sluice create analysisrun --from success-rate --global -a service-name=myapp'],
  async run(words, io) {
    const flags = readFlags(words, {
      ...CLUSTER_FLAGS,
      from: { type: 'string' },
      global: { type: 'boolean' },
      'from-file': { type: 'string' },
      argument: { type: 'string', short: 'a', multiple: true },
      name: { type: 'string' },
      'generate-name': { type: 'string' },
      'instance-id': { type: 'string' },
      ...ACT_FLAGS,
    });
    if (flags.operands.length > 0) throw new UsageError(`create analysisrun takes no operand, not "${flags.operands[0]}"`);
    if ((flags.text('from') === undefined) === (flags.text('from-file') === undefined)) throw new UsageError('one of --from and --from-file is wanted');
    const args = flags.texts('argument').map(readArgument);
    const target = await connect(flags, io);
    const done = target.ok ? await create(target.value, flags, args, io) : target;
    if (!done.ok) {
      io.stderr(`Error: ${done.error}\n`);
      return 1;
    }
    io.stdout(`analysisrun.argoproj.io/${done.value} created\n`);
    return 0;
  },
};
