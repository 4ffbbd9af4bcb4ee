// Invariants of progress: no step is skipped, no gate is passed that nobody opened, and what becomes stable has proved itself.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import { ANALYSIS_RUN, EXPERIMENT, REPLICA_SET, ROLLOUT } from '../../src/kinds/resource-type.js';
import { parseTime } from '../../src/lib/instant.js';
import { pauseDurationMs } from '../../src/decide/rollout/pause.js';
import { list, plain, record } from '../scenarios/reduce.js';
import type { Fields } from '../scenarios/reduce.js';
import { HASH, hashOf, numberIn, specOf, statusOf } from './truth.js';
import { NOTICE_MS, seen, seenAvailable } from './view.js';
import type { Look } from './view.js';

/** Written times are cut to whole seconds. */
const CUT_MS = 1000;

const stepsIn = (rollout: KubeObject | undefined): readonly Fields[] => list(record(record(specOf(rollout)['strategy'])['canary'])['steps']).map(record);
const pausesIn = (status: Fields): readonly Fields[] => list(status['pauseConditions']).map(record);
const indexIn = (status: Fields): number => numberIn(status, 'currentStepIndex');

/** After an engine's write to its rollout. */
export function checkProgress(look: Look): readonly string[] {
  const { change } = look;
  const { object, before } = change;
  if (change.type !== ROLLOUT || before === undefined) return [];
  return [...checkSteps(look, before, object), ...checkPromotion(look, before, object), ...checkResume(look, before, object)];
}

function checkSteps(look: Look, before: KubeObject, after: KubeObject): readonly string[] {
  const [was, is] = [statusOf(before), statusOf(after)];
  const [from, to] = [indexIn(was), indexIn(is)];
  if (to <= from || was['currentPodHash'] !== is['currentPodHash'] || was['currentStepHash'] !== is['currentStepHash'] || plain(was['stableRS']) === '') return [];
  const promoted = is['currentPodHash'] === is['stableRS'] || was['promoteFull'] === true || is['promoteFull'] === true || specOf(after)['rollbackWindow'] !== undefined;
  if (promoted) return [];
  if (to > from + 1) return [`steps ${from} to ${to - 1} are taken at once`];
  const step = stepsIn(before)[from] ?? {};
  const why = step['pause'] !== undefined ? pauseObstacle(look, record(step['pause']), was) : obstacle(look, step, was);
  return why === undefined ? [] : [`step ${from} (${Object.keys(step).join(' ')}) is done, but ${why}`];
}

function pauseObstacle({ memory, now, engine }: Look, pause: Fields, was: Fields): string | undefined {
  if (memory.promotedAt > memory.step.since) return undefined;
  const condition = pausesIn(was).find(({ reason }) => reason === 'CanaryPauseStep');
  if (condition === undefined) return 'it never paused, and nobody promoted it';
  const durationMs = pauseDurationMs(pause);
  if (durationMs === undefined) return 'nobody promoted it';
  const passed = now - (parseTime(plain(condition['startTime'])) ?? now);
  return passed + CUT_MS + 2 * engine.clock.error() >= durationMs ? undefined : `only ${passed} of ${durationMs} ms are over`;
}

function obstacle(look: Look, step: Fields, was: Fields): string | undefined {
  const { truth, plan, memory, now } = look;
  const index = String(indexIn(was));
  const hash = plain(was['currentPodHash']);
  if (step['analysis'] !== undefined) {
    const runs = truth.owned(ANALYSIS_RUN, plan.name).filter(({ metadata }) => metadata.labels?.['step-index'] === index && metadata.labels?.[HASH] === hash);
    return runs.some((run) => statusOf(run)['phase'] === 'Successful') ? undefined : `of its ${runs.length} analysis runs none succeeded`;
  }
  if (step['experiment'] !== undefined) {
    const mine = truth.owned(EXPERIMENT, plan.name).filter(({ metadata }) => new RegExp(`-${index}(-\\d+)?$`).test(metadata.name));
    return mine.some((one) => statusOf(one)['phase'] === 'Successful') ? undefined : `of its ${mine.length} experiments none succeeded`;
  }
  if (step['setWeight'] === undefined || plan.route === undefined || memory.edited.size > 0 || now - memory.vandalAt <= NOTICE_MS) return undefined;
  // Without replicas there is no stable pod for the rest.
  if (numberIn(specOf(seen(look, ROLLOUT, plan.name)), 'replicas', 1) === 0) return undefined;
  const wrong = plan.route.hosts.filter((host) => truth.shares(plan).reduce((sum, share) => (share.host === host && share.hash === hash ? sum + share.weight : sum), 0) !== step['setWeight']);
  return wrong.length === 0 || seenAvailable(look, hash) === 0 ? undefined : `${wrong.join(' and ')} ${wrong.length === 1 ? 'gives' : 'give'} the canary ${truth.weightOf(plan, hash)} of ${plain(step['setWeight'])}`;
}

/** A pause that has no end by itself is ended by a person, or by a new beginning. */
function checkResume({ memory, now }: Look, before: KubeObject, after: KubeObject): readonly string[] {
  const [was, is] = [statusOf(before), statusOf(after)];
  const unclear = (status: Fields): boolean => pausesIn(status).some(({ reason }) => plain(reason).startsWith('Inconclusive'));
  if (!unclear(was) || unclear(is) || is['abort'] === true || was['currentPodHash'] !== is['currentPodHash'] || was['currentStepHash'] !== is['currentStepHash']) return [];
  return memory.promotedAt > now - NOTICE_MS || was['promoteFull'] === true || is['currentPodHash'] === is['stableRS'] ? [] : ['an unclear result is passed over'];
}

function checkPromotion(look: Look, before: KubeObject, after: KubeObject): readonly string[] {
  const [was, is] = [statusOf(before), statusOf(after)];
  const [from, to] = [plain(was['stableRS']), plain(is['stableRS'])];
  if (from === to || from === '') return [];
  const failures: string[] = [];
  const { truth, plan } = look;
  const rollout = seen(look, ROLLOUT, plan.name);
  const wanted = numberIn(specOf(rollout), 'replicas', 1);
  const strategy = record(record(specOf(after)['strategy'])['canary']);
  const known = truth.list(REPLICA_SET).some((set) => hashOf(set) === from);
  if (known && strategy['replicaProgressThreshold'] === undefined && seenAvailable(look, to) < wanted) failures.push(`${to} becomes stable with ${seenAvailable(look, to)} of ${wanted} pods`);
  if (was['abort'] === true && is['abort'] !== true && was['promoteFull'] !== true && look.memory.promotedAt < look.memory.trial.since) failures.push(`the aborted ${to} becomes stable`);
  return failures;
}

/** After an engine's write to the Service that a blue-green rollout's users ask: what opened the gate? */
export function checkGate(look: Look, from: string, to: string): readonly string[] {
  const { plan, truth, memory, now, engine } = look;
  const rollout = truth.get(ROLLOUT, plan.name);
  const status = statusOf(rollout);
  if (from === '' || from === to || to === status['stableRS'] || status['promoteFull'] === true) return [];
  const strategy = record(record(specOf(rollout)['strategy'])['blueGreen']);
  const set = truth.owned(REPLICA_SET, plan.name).find((each) => hashOf(each) === to);
  if (set?.metadata.annotations?.['scale-down-deadline'] !== undefined || specOf(rollout)['rollbackWindow'] !== undefined) return [];
  const failures: string[] = [];
  const promoted = memory.promotedAt > memory.trial.since;
  if (status['abort'] === true && memory.promotedAt < now - NOTICE_MS) failures.push(`the users are sent to the aborted ${to}`);
  if (strategy['autoPromotionEnabled'] === false && !promoted) failures.push(`the users are sent to ${to}, and nobody promoted it`);
  const seconds = numberIn(strategy, 'autoPromotionSeconds');
  const paused = pausesIn(status).find(({ reason }) => reason === 'BlueGreenPause');
  const since = parseTime(plain(paused?.['startTime']));
  if (strategy['autoPromotionEnabled'] !== false && seconds > 0 && !promoted && since !== undefined && now - since + CUT_MS + 2 * engine.clock.error() < seconds * 1000) failures.push(`the users are sent to ${to} ${now - since} ms into its ${seconds} s`);
  const proof = truth.owned(ANALYSIS_RUN, plan.name).filter(({ metadata }) => metadata.labels?.['rollout-type'] === 'PrePromotion' && metadata.labels?.[HASH] === to);
  if (strategy['prePromotionAnalysis'] !== undefined && !proof.some((run) => statusOf(run)['phase'] === 'Successful') && !promoted) failures.push(`the users are sent to ${to} before its analysis has succeeded`);
  return failures;
}
