// The commands of the recordings as the requests that the real command line sends for them (its patches are public behaviour).

import type { Cluster, ClusterError } from '../../src/cluster/cluster.js';
import type { PatchType } from '../../src/kinds/change.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { ObjectRef } from '../../src/kinds/object-ref.js';
import { ANALYSIS_RUN, ANALYSIS_TEMPLATE, DEPLOYMENT, EXPERIMENT, REPLICA_SET, ROLLOUT } from '../../src/kinds/resource-type.js';
import { formatTime } from '../../src/lib/instant.js';
import type { Instant } from '../../src/lib/instant.js';
import type { Result } from '../../src/lib/result.js';
import { list, record } from './reduce.js';

type Hands = {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly now: Instant;
  get(ref: ObjectRef): Promise<KubeObject>;
  patch(ref: ObjectRef, body: unknown, subresource?: string, patchType?: PatchType): Promise<void>;
};

class Refused extends Error {}

const refTo = (hands: Hands, type: ObjectRef['type'], name: string): ObjectRef => ({ type, namespace: hands.namespace, name });

function value<T>(result: Result<T, ClusterError>): T {
  if (!result.ok) throw new Refused(result.error.message);
  return result.value;
}

/** Undefined when it was done, else why not. */
export async function runCommand(cluster: Cluster, namespace: string, line: string, now: Instant): Promise<string | undefined> {
  const hands: Hands = {
    cluster,
    namespace,
    now,
    get: async (ref) => value(await cluster.get(ref)),
    patch: async (ref, body, subresource, patchType = 'merge') => { value(await cluster.patch(ref, patchType, body, subresource === undefined ? {} : { subresource })); },
  };
  try {
    await perform(hands, line.trim().split(/\s+/));
    return undefined;
  } catch (fault) {
    if (fault instanceof Refused) return fault.message;
    throw fault;
  }
}

async function perform(hands: Hands, words: readonly string[]): Promise<void> {
  if (words[0] === 'scale') return scale(hands, words);
  if (words[0] !== 'argo' || words[1] !== 'rollouts') throw new Refused('unknown command');
  const [verb = '', first = '', second = '', ...rest] = words.slice(2);
  const rollout = refTo(hands, ROLLOUT, first);
  switch (verb) {
    case 'promote':
      return second.startsWith('--skip') ? skipSteps(hands, rollout, [second, ...rest]) : second === '--full' ? promoteFull(hands, rollout) : promote(hands, rollout);
    case 'abort':
      return hands.patch(rollout, { status: { abort: true } }, 'status');
    case 'retry':
      return first === 'experiment' ? hands.patch(refTo(hands, EXPERIMENT, second), { status: null }) : hands.patch(refTo(hands, ROLLOUT, second), { status: { abort: false } }, 'status');
    case 'pause':
      return hands.patch(rollout, { spec: { paused: true } });
    case 'restart':
      return hands.patch(rollout, { spec: { restartAt: formatTime(hands.now) } });
    case 'undo':
      return undo(hands, rollout, second);
    case 'terminate':
      return hands.patch(refTo(hands, first === 'experiment' ? EXPERIMENT : ANALYSIS_RUN, second), { spec: { terminate: true } });
    case 'set':
      return setImage(hands, refTo(hands, ROLLOUT, second), rest[0] ?? '');
    case 'create':
      return createRun(hands, [second, ...rest]);
    case 'get':
    case 'status':
      await hands.get(refTo(hands, first === 'experiment' ? EXPERIMENT : ROLLOUT, verb === 'get' ? second : first));
      return undefined;
    case 'list':
    case 'version':
      // Only looks.
      return undefined;
    default:
      throw new Refused(`unknown command ${verb}`);
  }
}

async function scale(hands: Hands, words: readonly string[]): Promise<void> {
  const name = words[1]?.split('/')[1] ?? '';
  await hands.patch(refTo(hands, ROLLOUT, name), { spec: { replicas: Number(words[2]?.split('=')[1]) } }, 'scale');
}

async function promote(hands: Hands, ref: ObjectRef): Promise<void> {
  const rollout = await hands.get(ref);
  const spec = record(rollout['spec']);
  const status = record(rollout['status']);
  const steps = list(record(record(spec['strategy'])['canary'])['steps']);
  const next = Math.min(Number(status['currentStepIndex'] ?? 0) + 1, steps.length);
  const paused = list(status['pauseConditions']).length > 0;
  const inconclusive = record(record(status['canary'])['currentStepAnalysisRunStatus'])['status'] === 'Inconclusive';
  if (inconclusive && paused && status['controllerPause'] === true) await hands.patch(ref, { status: { pauseConditions: null, controllerPause: false, currentStepIndex: next } }, 'status');
  else if (paused) await hands.patch(ref, { status: { pauseConditions: null } }, 'status');
  else if (steps.length > 0) await hands.patch(ref, { status: { pauseConditions: null, currentStepIndex: next } }, 'status');
  if (spec['paused'] === true) await hands.patch(ref, { spec: { paused: false } });
}

async function promoteFull(hands: Hands, ref: ObjectRef): Promise<void> {
  const rollout = await hands.get(ref);
  const status = record(rollout['status']);
  if (record(rollout['spec'])['paused'] === true) await hands.patch(ref, { spec: { paused: false } });
  if (status['currentPodHash'] !== status['stableRS']) await hands.patch(ref, { status: { promoteFull: true } }, 'status');
}

async function skipSteps(hands: Hands, ref: ObjectRef, flags: readonly string[]): Promise<void> {
  if (flags.length > 1) throw new Refused('Cannot use skip-current-step and skip-all-steps flags at the same time');
  const rollout = await hands.get(ref);
  const strategy = record(record(rollout['spec'])['strategy']);
  const steps = list(record(strategy['canary'])['steps']);
  if (strategy['blueGreen'] !== undefined || steps.length === 0) throw new Refused('Cannot skip steps');
  const index = Number(record(rollout['status'])['currentStepIndex'] ?? 0) + 1;
  await hands.patch(ref, { status: { currentStepIndex: flags[0] === '--skip-all-steps' ? steps.length : index } }, 'status');
}

/** Where the pod template stands: in the rollout, or in the workload that it refers to. */
async function holderOf(hands: Hands, ref: ObjectRef): Promise<{ readonly ref: ObjectRef; readonly object: KubeObject }> {
  const rollout = await hands.get(ref);
  const workload = record(record(rollout['spec'])['workloadRef'])['name'];
  if (typeof workload !== 'string') return { ref, object: rollout };
  const target = refTo(hands, DEPLOYMENT, workload);
  return { ref: target, object: await hands.get(target) };
}

async function setImage(hands: Hands, ref: ObjectRef, pair: string): Promise<void> {
  const [container, image] = pair.split('=');
  const { ref: target, object } = await holderOf(hands, ref);
  const spec = record(object['spec']);
  const template = record(spec['template']);
  const pod = record(template['spec']);
  const present = list(pod['containers']).map(record);
  if (image === undefined || !present.some((each) => each['name'] === container)) throw new Refused(`unable to find container named "${container ?? ''}"`);
  const containers = present.map((each) => (each['name'] === container ? { ...each, image } : each));
  value(await hands.cluster.update(target, { ...object, spec: { ...spec, template: { ...template, spec: { ...pod, containers } } } }));
}

const REVISION = 'rollout.argoproj.io/revision';

async function undo(hands: Hands, ref: ObjectRef, option: string): Promise<void> {
  const { uid } = (await hands.get(ref)).metadata;
  const sets = value(await hands.cluster.list(REPLICA_SET, { namespace: hands.namespace })).items.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid) === true);
  const revisionOf = (set: KubeObject): number => Number(set.metadata.annotations?.[REVISION] ?? 0);
  const wanted = option.startsWith('--to-revision=') ? sets.find((set) => revisionOf(set) === Number(option.split('=')[1])) : [...sets].sort((a, b) => revisionOf(b) - revisionOf(a))[1];
  if (wanted === undefined) throw new Refused('no such revision');
  const template = record(record(wanted['spec'])['template']);
  const metadata = record(template['metadata']);
  const { 'rollouts-pod-template-hash': _hash, ...labels } = record(metadata['labels']);
  await hands.patch((await holderOf(hands, ref)).ref, [{ op: 'replace', path: '/spec/template', value: { ...template, metadata: { ...metadata, labels } } }], undefined, 'json');
}

/** `analysisrun --from TEMPLATE --name NAME -a ARG=VALUE` */
async function createRun(hands: Hands, words: readonly string[]): Promise<void> {
  const option = (flag: string): string => words[words.indexOf(flag) + 1] ?? '';
  const template = await hands.get(refTo(hands, ANALYSIS_TEMPLATE, option('--from')));
  const [name, argument] = option('-a').split('=');
  const spec = record(template['spec']);
  const args = list(spec['args']).map(record).map((each) => (each['name'] === name ? { ...each, value: argument } : each));
  const ref = refTo(hands, ANALYSIS_RUN, option('--name'));
  value(await hands.cluster.create(ref, { apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', metadata: { name: ref.name, namespace: hands.namespace }, spec: { ...spec, args } }));
}
