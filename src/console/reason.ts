// One sentence: why a rollout is where it is, and what comes next. The first cause that fits is told; each has a
// stable id, so that tests and later screens can name it. Order matters: what stops everything else stands first.

import type { KubeObject } from '../kinds/kube-object.js';
import type { Driver } from '../kinds/snapshot.js';
import type { Instant } from '../lib/instant.js';
import { type ClusterIndex, currentRuns, revisionOf, revisionWords, setWithHash } from './board.js';
import { findCondition, type RolloutFacts } from './facts.js';
import { at, hasAt, numberAt, textAt, timeAt } from '../lib/read.js';
import { phaseOrFailing } from './mood.js';
import { comparePromise } from './promise.js';
import { readAbort } from './reason-abort.js';
import { findBlindMetric, findFailingMiss, fitMiss, missWords, runningText, verdictText } from './reason-analysis.js';
import { findPodTrouble, podsShort } from './reason-pods.js';
import { readRealWeight } from './route-weight.js';
import { fitFirst, shortWho } from './short-words.js';
import { analysisNames, describeStep, isPause, pauseMs, weightAt } from './steps.js';
import { writerClause } from './explain/writers.js';
import { ago, sinceText, untilText } from './reason-times.js';
import { ageText, clockText, leftText, momentText } from './time-words.js';

export type ReasonSight = {
  readonly facts: RolloutFacts;
  readonly index: ClusterIndex;
  readonly driver: Driver;
  readonly now: Instant;
  readonly utcOffsetMinutes: number;
  /** Since when the route has differed from what the steps promise, as far as this program has seen. */
  readonly driftSince?: Instant | undefined;
  /** Read only where a cause is looked into. */
  readonly quotas?: readonly KubeObject[] | undefined;
  /** For a text that stays as it is written: times of day, where ages would become false. */
  readonly lasting?: true;
};

export type Reason = {
  readonly cause: string;
  readonly level: 'good' | 'progress' | 'attention' | 'bad' | 'unknown';
  /** Without a capital at the start and a full stop at the end: it stands behind the phase, or alone in a list. */
  readonly sentence: string;
  /** What comes next, or what a person can do: whole sentences; "" when there is nothing to say. */
  readonly next: string;
  /** The same for a line of so many cells that the sentence does not fit into: what people come for stays whole. */
  readonly fit?: (width: number) => string;
};

export type Rule = (sight: ReasonSight) => Reason | undefined;

/** Longer silence of the engine that holds the Lease is told; it renews every few seconds. */
const SILENCE_MS = 60_000;

/** A Warning event older than this no longer explains the present. */
const FRESH_WARNING_MS = 120_000;

export const reason = (cause: string, level: Reason['level'], sentence: string, next = ''): Reason => ({ cause, level, sentence, next });

const percent = (value: number): string => `${Math.round(value)} %`;

/** Engines need a moment to write a route: a difference that stays longer is one. */
export const DRIFT_MS = 5000;

export function askedAt(facts: RolloutFacts, index: number): string {
  return percent((weightAt(facts.steps, index, facts.maximum) * 100) / facts.maximum);
}

const beingDeleted: Rule = ({ facts }) =>
  facts.object.metadata.deletionTimestamp === undefined ? undefined : reason('deleted', 'attention', 'is being deleted');

const invalidSpec: Rule = ({ facts }) => {
  const message = textAt(findCondition(facts.object, 'InvalidSpec'), 'message');
  if (message === undefined) return undefined;
  const told = message.replace(/^The Rollout "[^"]*" is invalid: /, '');
  if (/service "[^"]*" not found/.test(told))
    return reason('service-missing', 'bad', `the spec is invalid: ${told}`, 'Traffic stays as it is until the Service is there.');
  return reason('invalid-spec', 'bad', `the spec is invalid: ${told}`, 'Traffic and pods stay as they are until the spec is corrected.');
};

const engineSilent: Rule = ({ facts, driver, now }) => {
  const moving = facts.phase !== 'Healthy' || !facts.observed;
  if (!moving) return undefined;
  if (driver.type === 'nobody')
    return reason('no-engine', 'attention', `nobody drives this cluster: ${driver.reason}`, 'Nothing moves until an engine holds the Lease.');
  if (driver.type === 'other' && now - driver.renewedAt > SILENCE_MS) {
    const silent = `the engine ${driver.identity} has been silent for ${ageText(driver.renewedAt, now)}`;
    return reason('engine-silent', 'attention', silent, 'Nothing that is pressed will move until it is back.');
  }
  return undefined;
};

const refusedSet: Rule = ({ facts }) => {
  const progressing = findCondition(facts.object, 'Progressing');
  if (textAt(progressing, 'reason') !== 'ReplicaSetCreateError') return undefined;
  return reason(
    'refused-set',
    'bad',
    textAt(progressing, 'message') ?? 'the server refuses the new ReplicaSet',
    'It is tried again by itself; traffic and pods stay as they are.',
  );
};

const notObserved: Rule = ({ facts }) =>
  facts.observed ? undefined : reason('not-observed', 'progress', 'a new spec is stored; the engine has not seen it yet');

const aborted: Rule = (sight) => {
  const { facts, index } = sight;
  if (!facts.aborted) return undefined;
  const { cause, why, at, fit } = readAbort(facts, index);
  const real = readRealWeight(facts, index).canaryPercent ?? 0;
  const traffic = real > 0 ? `${percent(real)} of the traffic still goes to the canary.` : 'All traffic is on the stable revision.';
  const next = `${traffic} The new spec is still stored: retry starts it again, roll back takes it away.`;
  return { ...reason(cause, 'bad', `aborted${ago(at, sight)}: ${why}`, next), fit };
};

const deadline: Rule = ({ facts, index }) => {
  const progressing = findCondition(facts.object, 'Progressing');
  if (textAt(progressing, 'reason') !== 'ProgressDeadlineExceeded') return undefined;
  const trouble = findPodTrouble(index, setWithHash(index, facts, facts.canaryHash), 'canary');
  const why = trouble?.clause ?? textAt(progressing, 'message') ?? 'no reason given';
  return reason('deadline', 'bad', `no progress within the deadline: ${why}`, 'It goes on by itself when the cause is gone.');
};

const heldByHand: Rule = (sight) => {
  const { facts, now, utcOffsetMinutes, lasting } = sight;
  if (!facts.held) return undefined;
  const { hold } = facts;
  if (hold?.until !== undefined && hold.until <= now) {
    const late = lasting === true ? `past ${momentText(hold.until, now, utcOffsetMinutes)}` : `${ageText(hold.until, now)} over time`;
    const over = `held ${late}; ${hold.by === '' ? 'somebody' : hold.by} must end it: ${hold.reason}`;
    return reason('held', 'attention', over, 'Nothing ends it by itself.');
  }
  if (hold !== undefined) {
    const by = hold.by === '' ? '' : ` by ${hold.by}`;
    const who = `${by}${sinceText(hold.since, sight)}`;
    const until = untilText(hold.until, now, utcOffsetMinutes);
    const told = reason('held', 'attention', `held${until}: ${hold.reason}${who === '' ? '' : `;${who}`}`, 'Nothing lets it go on by itself.');
    const briefBy = hold.by === '' ? '' : ` by ${shortWho(hold.by)}`;
    return { ...told, fit: (width) => fitFirst(width, `held${until}${briefBy}: ${hold.reason}`, `held${briefBy}: ${hold.reason}`) };
  }
  const since = facts.waiting?.why === 'held' ? facts.waiting.since : undefined;
  const byHand = `paused by hand${sinceText(since, sight)}`;
  const tool = writerClause(facts.object, 'spec', 'paused');
  const told = reason('held', 'attention', `${byHand}${tool} (spec.paused)`, 'To resume it lets it go on.');
  return { ...told, fit: (width) => fitFirst(width, `held: ${byHand}${tool}`, `held: ${byHand}`) };
};

const inconclusive: Rule = (sight) => {
  const { facts, index } = sight;
  if (facts.pause?.reason.startsWith('Inconclusive') !== true) return undefined;
  const run = currentRuns(index, facts).findLast((each) => textAt(each, 'status', 'phase') === 'Inconclusive');
  const verdict = run === undefined ? 'an analysis was inconclusive' : (verdictText(run) ?? `analysis ${run.metadata.name} was inconclusive`);
  const since = sinceText(facts.pause.since, sight);
  return reason('inconclusive', 'attention', `a person must decide${since}: ${verdict}`, 'Promote goes on, abort goes back.');
};

const podTrouble: Rule = ({ facts, index }) => {
  if (facts.canaryHash === '') return undefined;
  const trouble = findPodTrouble(index, setWithHash(index, facts, facts.canaryHash), facts.inFlight ? 'canary' : 'stable');
  return trouble === undefined ? undefined : reason(trouble.cause, 'bad', trouble.clause);
};

const routeProblem: Rule = ({ facts, index }) => {
  const { problem } = readRealWeight(facts, index);
  return problem === undefined
    ? undefined
    : reason('route', 'bad', `${problem}: weights can not be set`, 'Traffic stays as it is until the route object is put right.');
};

/** How long the pause lasts, as a clause: "waits for a person since 12m", "pause 5m, ends in 2m10s (12:06:41)"; undefined outside of one. */
function pauseWords(sight: ReasonSight): { readonly timed: boolean; readonly words: string } | undefined {
  const { facts, now, utcOffsetMinutes } = sight;
  if (facts.phase !== 'Paused' || facts.pause === undefined) return undefined;
  const { since } = facts.pause;
  const step = facts.steps[facts.stepIndex ?? 0];
  const lengthMs = pauseMs(step);
  if (lengthMs === undefined || since === undefined) return { timed: false, words: `waits for a person${sinceText(since, sight)}` };
  const end = since + lengthMs;
  const left = end <= now ? 'is over, the engine goes on' : `ends in ${leftText(end - now)} (${clockText(end, utcOffsetMinutes)})`;
  return { timed: true, words: `${describeStep(step)}, ${left}` };
}

const pausedAtStep: Rule = (sight) => {
  const { facts } = sight;
  const pause = pauseWords(sight);
  if (pause === undefined) return undefined;
  const index = facts.stepIndex ?? 0;
  if (facts.strategy === 'blue-green')
    return reason(pause.timed ? 'timed-pause' : 'gate', pause.timed ? 'progress' : 'attention', pause.words, 'Promote switches the active Service.');
  if (pause.timed) return reason('timed-pause', 'progress', pause.words, `Then ${askedAt(facts, index + 1)} canary.`);
  return reason('gate', 'attention', pause.words, `Promote goes on to ${askedAt(facts, index + 1)}.`);
};

const FAILING = 'failing: ';

/** Before any pause: whoever only reads that it waits promotes what is about to be aborted. */
const failingAnalysis: Rule = (sight) => {
  const { facts, index } = sight;
  const miss = facts.inFlight ? findFailingMiss(currentRuns(index, facts)) : undefined;
  if (miss === undefined) return undefined;
  const pause = pauseWords(sight);
  const meanwhile = pause === undefined ? '' : `; ${pause.words}`;
  const told = reason('analysis-failing', 'bad', `analysis is failing: ${missWords(miss)}${meanwhile}`, 'Past its limit the release is aborted.');
  return { ...told, fit: (width) => `${FAILING}${fitMiss(miss, width - FAILING.length)}` };
};

const routeDrift: Rule = (sight) => {
  const { facts, index, driftSince, now } = sight;
  if (driftSince === undefined || now - driftSince < DRIFT_MS) return undefined;
  const [first] = comparePromise(facts, index)?.differences ?? [];
  if (first === undefined) return undefined;
  return reason(
    'route-drift',
    'bad',
    `the traffic is not where it should be${sinceText(driftSince, sight)}: ${first}`,
    'The promise of the steps is not kept.',
  );
};

const missingService: Rule = ({ facts, index }) => {
  // An empty list may only mean that this person may not see Services.
  if (index.services.size === 0) return undefined;
  const name = serviceNames(facts).find((each) => !index.services.has(`${facts.namespace}/${each}`));
  return name === undefined
    ? undefined
    : reason('service-missing', 'bad', `the Service ${name} that the spec names is not there`, 'Traffic stays as it is until it is there.');
};

export function serviceNames({ object }: RolloutFacts): readonly string[] {
  const fields = [
    ['canary', 'canaryService'],
    ['canary', 'stableService'],
    ['canary', 'pingPong', 'pingService'],
    ['canary', 'pingPong', 'pongService'],
    ['blueGreen', 'activeService'],
    ['blueGreen', 'previewService'],
  ];
  return fields.map((path) => textAt(object, 'spec', 'strategy', ...path) ?? '').filter((name) => name !== '');
}

/** A run that is alive but blind: it will abort in the end, for a reason that is not the release's. */
const blindAnalysis: Rule = (sight) => {
  const blind = findBlindMetric(currentRuns(sight.index, sight.facts));
  if (blind === undefined) return undefined;
  const pause = pauseWords(sight);
  return reason(
    'metric-source-down',
    'attention',
    pause === undefined ? blind : `${blind}; ${pause.words}`,
    'After its limit of errors the release is aborted.',
  );
};

const waitingWarning: Rule = ({ facts, index, now }) => {
  const warning = index.warnings.get(facts.uid);
  const seen = timeAt(warning, 'lastTimestamp') ?? timeAt(warning, 'eventTime');
  if (warning === undefined || seen === undefined || now - seen > FRESH_WARNING_MS) return undefined;
  const why = textAt(warning, 'reason') ?? '';
  if (!/TrafficRoutingError|WeightVerifyError|ReplicaSetCreateError|ReconciliationError/.test(why)) return undefined;
  return reason('warning', 'bad', textAt(warning, 'message') ?? why);
};

function nextText({ stepIndex, steps }: RolloutFacts): string {
  if (stepIndex === undefined) return '';
  return stepIndex + 1 < steps.length ? `Next: ${describeStep(steps[stepIndex + 1])}.` : 'Then all pods are replaced.';
}

const working: Rule = ({ facts, index }) => {
  if (facts.phase !== 'Progressing') return undefined;
  const step = facts.stepIndex === undefined ? undefined : facts.steps[facts.stepIndex];
  const next = nextText(facts);
  const short = podsShort(setWithHash(index, facts, facts.canaryHash), undefined, facts.inFlight ? 'canary' : 'new');
  if (short !== undefined) return reason('pods', 'progress', short, next);
  if (facts.promotingFully) return reason('promoting', 'progress', 'full promotion: all pods are being replaced');
  if (step === undefined) return undefined;
  if (hasAt(step, 'analysis')) {
    const running = runningText(currentRuns(index, facts));
    const starting = `analysis ${analysisNames(at(step, 'analysis'))} is about to start`;
    return reason('analysis', 'progress', running === undefined ? starting : `waits for its verdict. ${running.replace(/\.$/, '')}`, next);
  }
  const real = readRealWeight(facts, index);
  if (hasAt(step, 'setWeight') && real.from !== 'pods' && !real.agrees) {
    const says = real.canaryPercent === undefined ? 'nothing' : percent(real.canaryPercent);
    return reason('weight', 'progress', `the route says ${says}, asked is ${percent(facts.askedPercent)}`, next);
  }
  if (isPause(step)) return reason('pausing', 'progress', `${describeStep(step)} begins`, next);
  return reason('step', 'progress', describeStep(step), next);
};

const atRest: Rule = ({ facts, index }) => {
  if (facts.phase !== 'Healthy') return undefined;
  const set = setWithHash(index, facts, facts.stableHash);
  const words = set === undefined || String(revisionOf(set)) !== facts.revision ? `revision ${facts.revision}` : revisionWords(set);
  return reason('healthy', 'good', facts.revision === '' ? 'serves all traffic' : `${words} serves all traffic`);
};

const ownWords: Rule = ({ facts }) => {
  const level = facts.phase === 'Degraded' ? 'bad' : facts.phase === 'Unknown' ? 'unknown' : 'progress';
  if (facts.message !== '') return reason('message', level, facts.message);
  const wanted = numberAt(facts.object, 'spec', 'replicas');
  return reason('no-status', level, wanted === 0 ? 'scaled to zero' : 'the engine has not reported yet');
};

const RULES: readonly Rule[] = [
  beingDeleted,
  invalidSpec,
  engineSilent,
  refusedSet,
  notObserved,
  aborted,
  deadline,
  podTrouble,
  heldByHand,
  inconclusive,
  routeProblem,
  missingService,
  routeDrift,
  failingAnalysis,
  blindAnalysis,
  pausedAtStep,
  waitingWarning,
  working,
  atRest,
  ownWords,
];

export function explain(sight: ReasonSight): Reason {
  for (const rule of RULES) {
    const found = rule(sight);
    if (found !== undefined) return found;
  }
  return reason('unknown', 'unknown', 'nothing is known');
}

/** All that hold, the one that explains first. */
export function reasonsFor(sight: ReasonSight): readonly Reason[] {
  return RULES.map((rule) => rule(sight)).filter((found) => found !== undefined);
}

/** The sentence at the top of the screen `rollout`: phase, place, reason, what comes next, and how the analysis stands. */
export function headline(sight: ReasonSight, why: Reason): string {
  const { facts, index } = sight;
  const count = facts.steps.length;
  const place =
    facts.stepIndex === undefined || facts.stepIndex >= count || facts.aborted || facts.phase === 'Healthy'
      ? ''
      : ` at step ${facts.stepIndex + 1} of ${count}`;
  const running = facts.inFlight && why.cause !== 'analysis' && why.cause !== 'analysis-failing' ? runningText(currentRuns(index, facts)) : undefined;
  return [`${phaseOrFailing(facts)}${place}: ${why.sentence.replace(/\.$/, '')}.`, why.next, running]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
}

/** Until the next moment at which a person is needed, or the end; undefined when nothing that is timed runs. */
export function timeLeftMs(facts: RolloutFacts, now: Instant): number | undefined {
  if (!facts.inFlight || facts.aborted || facts.waiting !== undefined || facts.stepIndex === undefined) return undefined;
  let totalMs = 0;
  if (isPause(facts.steps[facts.stepIndex])) {
    const lengthMs = pauseMs(facts.steps[facts.stepIndex]);
    if (lengthMs === undefined) return undefined;
    totalMs += facts.pause?.since === undefined ? lengthMs : Math.max(0, facts.pause.since + lengthMs - now);
  }
  for (const step of facts.steps.slice(facts.stepIndex + 1)) {
    if (isPause(step) && pauseMs(step) === undefined) break;
    totalMs += pauseMs(step) ?? 0;
  }
  return totalMs > 0 ? totalMs : undefined;
}
