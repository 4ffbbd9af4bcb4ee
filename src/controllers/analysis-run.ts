// Drives AnalysisRuns: measures what is due, writes the conclusions, deletes what has outlived its time.

import { type AnalysisPlan, concludeAnalysisRun, decideAnalysisRun, type Due, refuseAnalysisRun, unresolved } from '../decide/analysis/decide.js';
import { waitsForChange } from '../decide/analysis/due.js';
import { keptMeasurements, type Measured } from '../decide/analysis/measurement.js';
import { providersOf } from '../decide/analysis/validate.js';
import { asAnalysisRun, type AnalysisRun, type AnalysisRunStatus, isCompleted } from '../kinds/analysis-run.js';
import type { Note } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { refKey, type ObjectRef } from '../kinds/object-ref.js';
import { ANALYSIS_RUN, JOB } from '../kinds/resource-type.js';
import { deepEqual } from '../lib/deep.js';
import type { HttpSend } from '../lib/http.js';
import { type Instant, parseTime } from '../lib/instant.js';
import { createMergePatch } from '../lib/merge-patch.js';
import { runOfJob } from '../providers/job.js';
import type { CloudWatch, SignForAws } from '../providers/provider.js';
import { collectLeftovers, measureMetric, type MeasureOptions, sweepLeftovers } from './analysis-run-measure.js';
import { readArguments, type RunArguments } from './analysis-run-secrets.js';
import { instanceOf } from './instance.js';
import { leaseNamespace } from './lease-record.js';
import { NO_PLUGINS, type Plugins } from './plugins.js';
import type { ControllerIo, Outcome, Reconciler } from './reconciler.js';

export type AnalysisRunOptions = {
  readonly http: HttpSend;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Only runs with this instance id; without one, only those that have none. */
  readonly instanceId?: string;
  /** Minutes east of UTC at that instant; this process's own when absent. */
  readonly utcOffsetMinutes?: (now: Instant) => number;
  /** As for the engine: the Secrets of metric sources are where its lease is. */
  readonly serviceAccountNamespace?: string;
  /** How AWS is asked for metrics; absent: not at all. */
  readonly cloudWatch?: CloudWatch;
  readonly signForAws?: SignForAws;
  /** What modules bring beside the built-in providers; absent: nothing. */
  readonly plugins?: Plugins;
};

const localOffsetMinutes = (now: Instant): number => -new Date(now).getTimezoneOffset();

const WORKERS = 8;
/** Metrics of one run that are measured at once. */
const PARALLEL_METRICS = 8;
/** The pause between two looks at jobs that can not be watched. */
const BLIND_LOOK_MS = 15_000;
const CONFLICT = 409;
const NOT_FOUND = 404;

/** Exact ends of measurements by run and metric: written times are cut to seconds. Lost on a restart, at no harm. */
type Finished = Map<string, Map<string, Instant>>;
const MAX_REMEMBERED_RUNS = 5000;

export function createAnalysisRunReconciler(options: AnalysisRunOptions): Reconciler {
  const finished: Finished = new Map();
  return {
    name: 'analysis-run',
    type: ANALYSIS_RUN,
    watches: [{ type: JOB, wakes: runOfJob, onDemand: true }],
    // Of one that is over too: its jobs may be not.
    demands: (object) => (measuresByJobs(asAnalysisRun(object)) ? [JOB] : []),
    workers: WORKERS,
    reconcile: (key, io, signal) => reconcile(key, io, signal, options, finished),
  };
}

async function reconcile(key: ObjectRef, io: ControllerIo, signal: AbortSignal, options: AnalysisRunOptions, finished: Finished): Promise<Outcome> {
  const object = io.cache.get(key);
  const memory = refKey(key);
  if (object === undefined || object.metadata.deletionTimestamp !== undefined) {
    finished.delete(memory);
    return { type: 'done' };
  }
  // Another engine measures it.
  if (instanceOf(object) !== (options.instanceId ?? '')) return { type: 'done' };
  const run = asAnalysisRun(object);
  const times = finished.get(memory);
  const timeOf = (metric: string): Instant | undefined => (run.metadata.uid === undefined ? undefined : times?.get(`${run.metadata.uid}/${metric}`));
  const decision = decideAnalysisRun(run, io.now(), timeOf);
  if (decision.type === 'ended') {
    finished.delete(memory);
    for (const metric of run.spec.metrics) {
      const swept = await sweepLeftovers(metric, measureOptions(run, io, options));
      if (!swept.ok) return { type: 'retry', reason: `metric ${metric.name}: ${swept.error}` };
    }
    return expire(key, run, decision.expiresAt, io);
  }
  if (decision.type === 'refused') return write(key, object, run, decision.status, decision.notes, undefined, io);
  const args = decision.due.length === 0 ? undefined : await readArguments(run, io);
  if (args !== undefined && !args.ok) {
    if (args.error.transient) return { type: 'retry', reason: args.error.message };
    const refused = refuseAnalysisRun(run, unresolved(args.error.message));
    return write(key, object, run, refused.status, refused.notes, undefined, io);
  }
  const measure = measureOptions(run, io, options);
  const measured = args === undefined ? [] : await measureAll(run, decision, args.value, measure, signal);
  // Whoever takes over measures anew; a half-told story is worse than none.
  if (signal.aborted) return { type: 'done' };
  remember(finished, memory, run, measured);
  const conclusion = concludeAnalysisRun(decision.plan, measured, io.now(), (metric) => finished.get(memory)?.get(`${run.metadata.uid ?? ''}/${metric}`));
  const outcome = await write(key, object, run, conclusion.status, conclusion.notes, conclusion.wakeAt, io);
  for (const due of decision.due) {
    const collected = await collectLeftovers(due, keptMeasurements(decision.plan.retention.get(due.metric.name)), measure);
    if (!collected.ok) io.log(`metric ${due.metric.name}: ${collected.error}`);
  }
  return isBlind(run, conclusion.status, io) ? soon(outcome, io.now() + BLIND_LOOK_MS) : outcome;
}

function measureOptions(run: AnalysisRun, io: ControllerIo, options: AnalysisRunOptions): MeasureOptions {
  const { name, namespace = '', uid = '' } = run.metadata;
  return {
    http: options.http,
    environment: options.environment,
    utcOffsetMinutes: (options.utcOffsetMinutes ?? localOffsetMinutes)(io.now()),
    plugins: (options.plugins ?? NO_PLUGINS).providers,
    run: { name, namespace, uid, startedAt: parseTime(run.status?.startedAt) },
    cluster: { read: (ref) => io.read(ref), apply: (change) => io.apply(change), list: (type, place) => io.cache.list(type, place) },
    cloudWatch: options.cloudWatch,
    signForAws: options.signForAws,
    engineNamespace: leaseNamespace(options.environment, options.serviceAccountNamespace),
    now: () => io.now(),
  };
}

async function measureAll(
  run: AnalysisRun,
  { due, plan }: { readonly due: readonly Due[]; readonly plan: AnalysisPlan },
  args: RunArguments,
  options: MeasureOptions,
  signal: AbortSignal,
): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  const waiting = [...due];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { metric } = next;
      // From the manifest again: what the plan holds has no secrets in it.
      const raw = run.spec.metrics[plan.metrics.indexOf(metric)] ?? metric;
      const one = await measureMetric({ ...next, metric: raw }, plan.dryRun.has(metric.name), args, options, signal);
      if (one !== undefined) measured.push({ ...one, metric: metric.name });
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL_METRICS, due.length) }, worker));
  return measured;
}

const measuresByJobs = ({ spec }: AnalysisRun): boolean => spec.metrics.some((metric) => providersOf(metric).includes('job'));

/** A job that nobody can watch tells nothing of its end: it is looked at. */
function isBlind(run: AnalysisRun, status: AnalysisRunStatus, { cache }: ControllerIo): boolean {
  return measuresByJobs(run) && !isCompleted(status.phase) && cache.stateOf(JOB) !== 'listed' && (status.metricResults ?? []).some(waitsForChange);
}

function soon(outcome: Outcome, at: Instant): Outcome {
  if (outcome.type === 'retry') return outcome;
  return { type: 'at', wakeAt: outcome.type === 'at' ? Math.min(outcome.wakeAt, at) : at };
}

function remember(finished: Finished, memory: string, run: AnalysisRun, measured: readonly Measured[]): void {
  if (measured.length === 0 || run.metadata.uid === undefined) return;
  const times = finished.get(memory) ?? new Map<string, Instant>();
  for (const one of measured) if (one.phase !== 'Running') times.set(`${run.metadata.uid}/${one.metric}`, one.finishedAt);
  finished.set(memory, times);
  if (finished.size <= MAX_REMEMBERED_RUNS) return;
  for (const oldest of finished.keys()) {
    finished.delete(oldest);
    return;
  }
}

async function write(
  key: ObjectRef,
  object: KubeObject,
  run: AnalysisRun,
  status: AnalysisRunStatus,
  notes: readonly Note[],
  wakeAt: Instant | undefined,
  io: ControllerIo,
): Promise<Outcome> {
  const again: Outcome = wakeAt === undefined ? { type: 'done' } : { type: 'at', wakeAt };
  const body = deepEqual(run.status, status) ? undefined : createMergePatch({ status: run.status ?? {} }, { status });
  if (body === undefined) return again;
  // Measuring takes its time: by now the name may belong to another run.
  if (io.cache.get(key)?.metadata.uid !== object.metadata.uid) return { type: 'done' };
  // AnalysisRuns have no status subresource: Argo's definitions give them none.
  const written = await io.apply({ type: 'patch', ref: key, patchType: 'merge', body, why: `analysis ${status.phase === '' ? 'started' : status.phase}` });
  if (!written.ok) {
    if (written.error.code === NOT_FOUND) return { type: 'done' };
    // A conflict too: it does not say that anything changes that would wake this key.
    return { type: 'retry', reason: `AnalysisRun ${run.metadata.name}: ${written.error.message}` };
  }
  for (const note of notes) io.record(object, note);
  return again;
}

async function expire(key: ObjectRef, run: AnalysisRun, expiresAt: Instant | undefined, io: ControllerIo): Promise<Outcome> {
  if (expiresAt === undefined) return { type: 'done' };
  if (expiresAt > io.now()) return { type: 'at', wakeAt: expiresAt };
  const uid = run.metadata.uid;
  const deleted = await io.apply({
    type: 'delete',
    ref: key,
    ...(uid === undefined ? {} : { uid }),
    propagation: 'Background',
    why: 'ttlStrategy: its time is over',
  });
  return deleted.ok || deleted.error.code === NOT_FOUND || deleted.error.code === CONFLICT
    ? { type: 'done' }
    : { type: 'retry', reason: deleted.error.message };
}
