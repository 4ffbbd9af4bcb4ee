// Objects in the form in which Argo leaves them: what recordings of the real controller ended with is put into a cluster, and our
// engine takes over. It touches no template, selector, hash or size, moves no traffic, and says the same of the rollout.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { ANALYSIS_RUN, DESTINATION_RULE, POD, REPLICA_SET, ROLLOUT, SERVICE, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { list, record } from '../scenarios/reduce.js';
import { readTraces } from '../scenarios/trace.js';
import type { Trace } from '../scenarios/trace.js';
import { NAMESPACE, openStage, specOf, statusOf } from './stage.js';
import type { Stage } from './stage.js';

/** Long enough for all pods of the sandbox, and past every deadline that a recording may have left. */
const SETTLE_S = 90;
const WATCH_S = 300;

const KEPT = [REPLICA_SET, SERVICE, VIRTUAL_SERVICE, DESTINATION_RULE, ANALYSIS_RUN] as const;

/** With hashes as they were; times lie a minute back. */
function finals(trace: Trace): readonly KubeObject[] {
  return Object.entries(trace.final).map(([key, text]) => {
    // Put in after parsing: a hash may look like a number.
    const parsed = JSON.stringify(parse(text)).replaceAll('<time>', '2026-11-21T09:59:00Z').replaceAll('${NS}', NAMESPACE);
    const object = JSON.parse(Object.entries(trace.hashes).reduce((result, [role, hash]) => result.replaceAll(role, hash), parsed)) as KubeObject;
    const kind = key.split('/')[0] ?? '';
    const { generation: _, namespace: __, ...metadata } = object.metadata;
    const owners = metadata.ownerReferences === undefined ? {} : { ownerReferences: metadata.ownerReferences };
    return { ...object, kind, apiVersion: object.apiVersion ?? { ReplicaSet: 'apps/v1', AnalysisRun: 'argoproj.io/v1alpha1' }[kind] ?? 'networking.istio.io/v1alpha3', metadata: { ...metadata, ...owners, namespace: NAMESPACE } };
  });
}

const templates = (trace: Trace): readonly KubeObject[] => trace.manifests.flatMap((text) => parseAllDocuments(text.replaceAll('${NS}', NAMESPACE)).map((document) => document.toJS() as KubeObject | null))
  .filter((object): object is KubeObject => object?.kind === 'AnalysisTemplate' || object?.kind === 'ClusterAnalysisTemplate' || object?.kind === 'Deployment')
  .map((object) => ({ ...object, metadata: { ...object.metadata, namespace: NAMESPACE } }));

/** The cluster as it was found; false when the recording ended with something that is not one rollout. */
async function lay(stage: Stage, trace: Trace): Promise<string | undefined> {
  const objects = finals(trace);
  const [rollout, second] = objects.filter(({ kind }) => kind === 'Rollout');
  if (rollout === undefined || second !== undefined) return undefined;
  const { name } = rollout.metadata;
  await stage.create(...templates(trace).filter(({ kind }) => kind !== 'Deployment' || !objects.some((object) => object.kind === 'Deployment')), { ...rollout, status: undefined });
  const made = await stage.get(ROLLOUT, name);
  const uid = made?.metadata.uid ?? '';
  await stage.patch(ROLLOUT, name, { status: { ...record(rollout['status']), observedGeneration: String(made?.metadata.generation) } }, 'status');
  for (const object of objects) {
    if (object.kind === 'Rollout') continue;
    const owners = object.metadata.ownerReferences?.map((owner) => ({ ...owner, uid: owner.kind === 'Rollout' ? uid : owner.uid }));
    await stage.create({ ...object, metadata: { ...object.metadata, ...(owners === undefined ? {} : { ownerReferences: owners }) } });
  }
  return name;
}

async function scene(stage: Stage, name: string): Promise<unknown> {
  const of = async (type: ResourceType): Promise<readonly unknown[]> => (await stage.list(type)).map((object) => [type.kind, object.metadata.name, object.metadata.labels, object['spec'], type === ANALYSIS_RUN ? object['status'] : undefined]);
  const { phase, message, stableRS, currentPodHash, currentStepIndex, currentStepHash, abort, canary } = statusOf(await stage.get(ROLLOUT, name));
  return [...(await Promise.all(KEPT.map(of))).flat(), (await stage.list(POD)).map(({ metadata }) => metadata.name), specOf(await stage.get(ROLLOUT, name)), { phase, message, stableRS, currentPodHash, currentStepIndex, currentStepHash, abort: abort === true, weights: record(canary)['weights'] }];
}

/** Recordings that are not at rest: pods whose readiness a person has set, and sets whose time to be scaled down comes. */
const isMoving = (trace: Trace): boolean => Object.values(trace.final).some((text) => text.includes('scale-down-deadline')) || trace.manifests.some((text) => text.includes('readinessGates'));

for (const topic of ['basic', 'istio', 'analysis', 'workloadref'] as const) {
  describe(topic, async () => {
    for (const trace of await readTraces(topic)) {
      if (isMoving(trace)) continue;
      test(trace.id, async (t) => {
        const stage = await openStage({ engine: false });
        const name = await lay(stage, trace);
        if (name === undefined) return t.skip('not one rollout');
        await stage.run(SETTLE_S);
        const before = await scene(stage, name);
        stage.startEngine();
        await stage.run(WATCH_S);
        const after = await scene(stage, name);
        assert.deepEqual(after, before);
        assert.deepEqual(stage.log.filter((line) => /again soon|fault/.test(line)), []);
        assert.ok(list((await stage.list(REPLICA_SET))).length > 0);
        await stage.stop();
      });
    }
  });
}
