// Metrics that are Kubernetes Jobs: each measurement runs one, and passes when it completes. A value there is not.

import type { JobSource } from '../kinds/metric-provider.js';
import { controllerOf, type KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { ANALYSIS_RUN, JOB } from '../kinds/resource-type.js';
import { isRecord } from '../lib/deep.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { Begun, Occasion, Provider, ProviderAnswer, ProviderIo, Traces } from './provider.js';

const NAMESPACE_VARIABLE = 'ARGO_ROLLOUTS_ANALYSIS_JOB_NAMESPACE';
const KUBECONFIG_VARIABLE = 'ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG';
/** The value of that variable which names no other cluster. */
const OWN_CLUSTER = 'in-cluster';

const RUN_UID_LABEL = 'analysisrun.argoproj.io/uid';
const RUN_NAME_ANNOTATION = 'analysisrun.argoproj.io/name';
const RUN_NAMESPACE_ANNOTATION = 'analysisrun.argoproj.io/namespace';
const METRIC_ANNOTATION = 'analysisrun.argoproj.io/metric-name';
const NAME_KEY = 'job-name';
const NAMESPACE_KEY = 'job-namespace';

/** Pods carry the name of their job as a label. */
const LONGEST_NAME = 63;
/** A server that does not answer says nothing of the job; and one elsewhere may be out of sight of this engine's watches. */
const LOOK_AGAIN_MS = 15_000;

const NO_ANSWER = 0;
const NOT_FOUND = 404;
const ALREADY_EXISTS = 409;

type Outcome = Result<ProviderAnswer, string>;

const ended = (phase: 'Successful' | 'Failed'): Outcome => ok({ result: undefined, text: '', phase });

const namespaceOf = ({ environment, occasion }: Pick<Traces, 'environment' | 'occasion'>): string => {
  const other = environment[NAMESPACE_VARIABLE] ?? '';
  return other === '' ? occasion.run.namespace : other;
};

export const job: Provider = {
  name: 'job',
  async measure(spec, io) {
    const elsewhere = io.environment[KUBECONFIG_VARIABLE] ?? '';
    if (elsewhere !== '' && elsewhere !== OWN_CLUSTER) return err(`${KUBECONFIG_VARIABLE}: jobs in another cluster are not supported yet by this version`);
    const ref: ObjectRef = { type: JOB, namespace: namespaceOf(io), name: nameOf(io.occasion) };
    const made = await io.cluster.apply({ type: 'create', ref, object: jobOf(spec as JobSource, ref, io.occasion), why: `metric ${io.occasion.metric}` });
    if (made.ok) return running(ref, io);
    // An engine before this one has made it, or the answer of the server was lost on its way.
    if (made.error.code !== ALREADY_EXISTS && made.error.code !== NO_ANSWER) return err(made.error.message);
    const known = await io.cluster.read(ref);
    return known.ok && isOf(known.value, io.occasion) ? running(ref, io) : err(made.error.message);
  },
  async resume(_spec, begun, io) {
    const ref = refOf(begun, io.occasion);
    if (ref === undefined) return err('job metadata reference missing');
    const found = await io.cluster.read(ref);
    if (found.ok) return isOf(found.value, io.occasion) ? verdictOf(found.value, ref, io) : err(`job ${ref.name} belongs to something else`);
    return found.error.code === NOT_FOUND ? err(found.error.message) : running(ref, io, LOOK_AGAIN_MS);
  },
  async terminate(_spec, begun, io) {
    const ref = refOf(begun, io.occasion);
    if (ref === undefined) return err('job metadata reference missing');
    const found = await io.cluster.read(ref);
    if (!found.ok && found.error.code !== NOT_FOUND) return err(found.error.message);
    if (!found.ok || !isOf(found.value, io.occasion)) return ended('Successful');
    const problem = await remove(found.value, io, 'the analysis is over');
    return problem === undefined ? ended('Successful') : err(problem);
  },
  collect(keep, io) {
    const ofMetric = jobsOf(io).filter(({ metadata }) => metadata.annotations?.[METRIC_ANNOTATION] === io.occasion.metric);
    const oldest = ofMetric.toSorted((a, b) => attemptOf(a) - attemptOf(b));
    // The newest measurement may be under way.
    return removeAll(oldest.slice(0, -Math.max(1, keep)), io, 'more than are kept');
  },
  sweep: (io) =>
    removeAll(
      jobsOf(io).filter((each) => endOf(each) === undefined),
      io,
      'the analysis is over',
    ),
};

function nameOf({ run, metric, attempt }: Occasion): string {
  const [before, after] = [`${run.uid}.`, `.${attempt}`];
  // A name may not have a hyphen or a dot beside a dot.
  const middle = metric.slice(0, LONGEST_NAME - before.length - after.length).replace(/[-.]+$/, '');
  return before + middle + after;
}

const attemptOf = ({ metadata }: KubeObject): number => Number(metadata.name.slice(metadata.name.lastIndexOf('.') + 1));

function jobOf({ metadata, spec }: JobSource, ref: ObjectRef, { run, metric }: Occasion): KubeObject {
  const owner = { apiVersion: 'argoproj.io/v1alpha1', kind: ANALYSIS_RUN.kind, name: run.name, uid: run.uid, controller: true, blockOwnerDeletion: true };
  const annotations = { [RUN_NAME_ANNOTATION]: run.name, [RUN_NAMESPACE_ANNOTATION]: run.namespace, [METRIC_ANNOTATION]: metric };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: ref.name,
      namespace: ref.namespace,
      labels: { ...metadata?.labels, [RUN_UID_LABEL]: run.uid },
      annotations: { ...metadata?.annotations, ...annotations },
      // An owner in another namespace would be taken for one that is gone.
      ...(ref.namespace === run.namespace ? { ownerReferences: [owner] } : {}),
    },
    spec,
  };
}

/** The run to be told that its job has changed. */
export function runOfJob({ metadata }: KubeObject): readonly ObjectRef[] {
  const { [RUN_NAME_ANNOTATION]: name, [RUN_NAMESPACE_ANNOTATION]: namespace } = metadata.annotations ?? {};
  if (metadata.labels?.[RUN_UID_LABEL] === undefined || name === undefined || namespace === undefined) return [];
  return [{ type: ANALYSIS_RUN, namespace, name }];
}

/** Whether the run has made it: what a status names could be anybody's. */
function isOf(found: KubeObject, { run }: Occasion): boolean {
  const owner = controllerOf(found)?.uid;
  return found.metadata.namespace === run.namespace ? owner === run.uid : found.metadata.labels?.[RUN_UID_LABEL] === run.uid;
}

function refOf({ metadata }: Begun, { run }: Occasion): ObjectRef | undefined {
  const name = metadata[NAME_KEY] ?? '';
  return name === '' ? undefined : { type: JOB, namespace: metadata[NAMESPACE_KEY] ?? run.namespace, name };
}

function running(ref: ObjectRef, { now, occasion }: ProviderIo, againMs = ref.namespace === occasion.run.namespace ? undefined : LOOK_AGAIN_MS): Outcome {
  const metadata = { [NAME_KEY]: ref.name, [NAMESPACE_KEY]: ref.namespace };
  return ok({ result: undefined, text: '', phase: 'Running', metadata, ...(againMs === undefined ? {} : { resumeAt: now + againMs }) });
}

function verdictOf(found: KubeObject, ref: ObjectRef, io: ProviderIo): Outcome {
  const end = endOf(found);
  return end === undefined ? running(ref, io) : ended(end);
}

function endOf(found: KubeObject): 'Successful' | 'Failed' | undefined {
  const status = isRecord(found['status']) ? found['status'] : {};
  const conditions: readonly unknown[] = Array.isArray(status['conditions']) ? status['conditions'] : [];
  const types = conditions.flatMap((each) => (isRecord(each) && each['status'] === 'True' ? [each['type']] : []));
  if (types.includes('Failed')) return 'Failed';
  return types.includes('Complete') ? 'Successful' : undefined;
}

/** Those of the run that have been seen. */
function jobsOf(io: Traces): readonly KubeObject[] {
  const { occasion } = io;
  return io.cluster.list(JOB, namespaceOf(io)).filter((each) => each.metadata.labels?.[RUN_UID_LABEL] === occasion.run.uid && isOf(each, occasion));
}

async function removeAll(jobs: readonly KubeObject[], io: Traces, why: string): Promise<Result<undefined, string>> {
  const problems = await Promise.all(jobs.map((each) => remove(each, io, why)));
  const problem = problems.find((each) => each !== undefined);
  return problem === undefined ? ok(undefined) : err(problem);
}

/** Its pods go before it does. Undefined when it is gone or going, else why it is not. */
async function remove({ metadata }: KubeObject, { cluster }: Traces, why: string): Promise<string | undefined> {
  if (metadata.deletionTimestamp !== undefined) return undefined;
  const ref: ObjectRef = { type: JOB, namespace: metadata.namespace ?? '', name: metadata.name };
  const uid = metadata.uid === undefined ? {} : { uid: metadata.uid };
  const gone = await cluster.apply({ type: 'delete', ref, ...uid, propagation: 'Foreground', why });
  return gone.ok || gone.error.code === NOT_FOUND ? undefined : gone.error.message;
}
