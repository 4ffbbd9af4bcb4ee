// Steps that a module takes (`plugin: {name, config}`): which calls are due, what their answers make of the status, when to ask again.
// The records in the status are those of Argo Rollouts, whose own plugins are Go programs.

import type { Note } from '../../kinds/change.js';
import type { StepPluginRecord } from '../../kinds/rollout-status.js';
import { parseGoDuration } from '../../lib/go-duration.js';
import { parseTime } from '../../lib/instant.js';
import type { Instant } from '../../lib/instant.js';
import type { Action } from './observed.js';
import { currentStep, isFullyPromoted, isRetried, isWithinRollbackWindow, stepIndexOf } from './pass.js';
import type { Pass } from './pass.js';
import { formatTimeUp } from './scale.js';

export type StepOperation = 'Run' | 'Terminate' | 'Abort';

export type StepCall = {
  readonly rollout: Pass['rollout'];
  readonly index: number;
  readonly name: string;
  readonly operation: StepOperation;
  /** As the step has it. */
  readonly config: unknown;
  /** What `run` last answered as its status; undefined at first. */
  readonly status: Readonly<Record<string, unknown>> | undefined;
};

export type StepAnswer = {
  readonly phase: 'Running' | 'Successful' | 'Failed' | 'Error';
  readonly message?: string;
  /** Kept in the rollout's status, and given back with the next call. */
  readonly status?: Readonly<Record<string, unknown>>;
  /** When to ask again while it runs; half a minute when it is not said. */
  readonly requeueAfterSeconds?: number;
};

export type Answered = { readonly call: StepCall; readonly answer: StepAnswer };

const DEFAULT_BACKOFF_SECONDS = 30;
const SHORTEST_BACKOFF_SECONDS = 1;

const isOver = (phase: string | undefined): boolean => phase === 'Successful' || phase === 'Failed';

/** A retry begins with the first step: what its plugins did before has been taken back. */
function recordsOf(pass: Pass): readonly StepPluginRecord[] {
  return isRetried(pass) ? [] : (pass.status.canary?.stepPluginStatuses ?? []);
}

const recordFor = (records: readonly StepPluginRecord[], index: number, operation: StepOperation): StepPluginRecord | undefined =>
  records.find((record) => record.index === index && record.operation === operation);

export function dueStepCalls(pass: Pass): readonly StepCall[] {
  const records = recordsOf(pass);
  const runs = records.filter(({ operation }) => operation === 'Run').toSorted((a, b) => b.index - a.index);
  const undone = (operation: StepOperation) => (run: StepPluginRecord) => {
    const record = recordFor(records, run.index, operation);
    return record === undefined || (record.phase === 'Error' && isTime(record, pass.now));
  };
  if (pass.status.promoteFull === true || isFullyPromoted(pass) || (isWithinRollbackWindow(pass) && pass.status.abort !== true)) {
    return runs
      .filter(({ phase }) => phase === 'Running')
      .slice(0, 1)
      .filter(undone('Terminate'))
      .map((run) => callOf(pass, run, 'Terminate'));
  }
  if (pass.status.abort === true) {
    return runs
      .filter(({ phase }) => phase === 'Running' || phase === 'Successful')
      .filter(undone('Abort'))
      .map((run) => callOf(pass, run, 'Abort'));
  }
  const plugin = currentStep(pass)?.plugin;
  if (plugin === undefined || pass.rollout.spec.paused === true || (pass.status.pauseConditions ?? []).length > 0) return [];
  const index = stepIndexOf(pass) ?? 0;
  const record = recordFor(records, index, 'Run');
  if (isOver(record?.phase) || (record !== undefined && !isTime(record, pass.now))) return [];
  return [{ rollout: pass.rollout, index, name: plugin.name, operation: 'Run', config: plugin.config, status: record?.status }];
}

function callOf(pass: Pass, { index, name, status }: StepPluginRecord, operation: StepOperation): StepCall {
  return { rollout: pass.rollout, index, name, operation, config: pass.steps[index]?.plugin?.config, status };
}

function isTime(record: StepPluginRecord, now: Instant): boolean {
  return now >= againAt(record);
}

function againAt(record: StepPluginRecord): Instant {
  return (parseTime(record.updatedAt) ?? 0) + (parseGoDuration(record.backoff ?? '') ?? DEFAULT_BACKOFF_SECONDS * 1000);
}

export type StepPlugins = {
  /** For the status; those of steps that were taken stay, so that an abort can take them back. */
  readonly records: readonly StepPluginRecord[];
  readonly phase: string | undefined;
  readonly abortMessage: string | undefined;
  readonly actions: readonly Action[];
  readonly wakeAt: Instant | undefined;
};

export function reconcileStepPlugins(pass: Pass): StepPlugins {
  let records = recordsOf(pass);
  const actions: Action[] = [];
  for (const { call, answer } of pass.seen.stepAnswers ?? []) {
    const before = recordFor(records, call.index, call.operation);
    const after = recordWith(before, call, answer, pass.now);
    records = before === undefined ? [...records, after] : records.map((record) => (record === before ? after : record));
    if (before?.phase !== after.phase) actions.push({ type: 'note', note: transition(call, after) });
  }
  const step = currentStep(pass);
  const index = stepIndexOf(pass) ?? 0;
  const run = step?.plugin === undefined ? undefined : recordFor(records, index, 'Run');
  const waiting = records.filter(({ phase }) => phase === 'Error' || phase === 'Running').filter((record) => record.operation !== 'Run' || record === run);
  const failed = run?.phase === 'Failed' && pass.status.abort !== true;
  return {
    records,
    phase: run?.phase,
    abortMessage: failed ? `Step Plugin ${index + 1} (${run.name}) failed${run.message === undefined ? '' : `: ${run.message}`}` : undefined,
    actions,
    wakeAt: waiting.length === 0 ? undefined : Math.min(...waiting.map(againAt)),
  };
}

function recordWith(before: StepPluginRecord | undefined, call: StepCall, answer: StepAnswer, now: Instant): StepPluginRecord {
  const time = formatTimeUp(now);
  const seconds =
    answer.phase === 'Running' ? Math.max(SHORTEST_BACKOFF_SECONDS, answer.requeueAfterSeconds ?? DEFAULT_BACKOFF_SECONDS) : DEFAULT_BACKOFF_SECONDS;
  // An error says nothing of how far the work is.
  const status = answer.phase === 'Error' ? before?.status : (answer.status ?? before?.status);
  return {
    index: call.index,
    name: call.name,
    operation: call.operation,
    phase: answer.phase,
    ...(answer.message === undefined || answer.message === '' ? {} : { message: answer.message }),
    startedAt: before?.startedAt ?? time,
    updatedAt: time,
    ...(isOver(answer.phase) ? { finishedAt: time } : { backoff: `${Math.ceil(seconds)}s` }),
    executions: (before?.executions ?? 0) + 1,
    ...(status === undefined ? {} : { status }),
  };
}

function transition(call: StepCall, { phase = '' }: StepPluginRecord): Note {
  const type = phase === 'Error' || phase === 'Failed' ? 'Warning' : 'Normal';
  const what = { Run: `transitioned to ${phase}`, Abort: `aborted (${phase})`, Terminate: `terminated (${phase})` }[call.operation];
  return { type, reason: 'StepPluginTransition', message: `Step plugin ${call.name} (step ${call.index + 1}) ${what}` };
}
