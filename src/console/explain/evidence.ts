// What a cause is concluded from: the objects and the words in them, so that a person can check the sentence.

import type { KubeObject } from '../../kinds/kube-object.js';
import { currentRuns, runsOf, setWithHash } from '../board.js';
import { findCondition } from '../facts.js';
import { formatNumber, readSeries } from '../metric-series.js';
import { readPodState } from '../pod-state.js';
import { comparePromise } from '../promise.js';
import { listAt, numberAt, textAt, timeAt } from '../../lib/read.js';
import { type ReasonSight, serviceNames } from '../reason.js';
import { countsText, findFailingRun, limitText, metricWord, phaseWord, verdictText } from '../reason-analysis.js';
import { readRealWeight } from '../route-weight.js';
import { describeStep } from '../steps.js';
import { ageText } from '../time-words.js';
import { findGitOpsOwner } from '../gitops.js';
import { unmeasuredText } from '../unmeasured.js';

/** `about` names the object: "pod cart-abc", "status", "Lease". */
export type Evidence = { readonly about: string; readonly text: string };

const MOST_PODS = 5;
const MOST_MEASUREMENTS = 4;

type Gather = (sight: ReasonSight) => readonly Evidence[];

function podLines({ index, now }: ReasonSight, pod: KubeObject): readonly Evidence[] {
  const state = readPodState(pod);
  const parts = [`${state.word}, ready ${state.ready}/${state.containers}`];
  if (state.restarts > 0) parts.push(`${state.restarts} restarts`);
  for (const status of [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')]) {
    const ended = textAt(status, 'lastState', 'terminated', 'reason') ?? textAt(status, 'state', 'terminated', 'reason');
    const code = numberAt(status, 'lastState', 'terminated', 'exitCode') ?? numberAt(status, 'state', 'terminated', 'exitCode');
    if (ended !== undefined) parts.push(`${textAt(status, 'name') ?? 'container'} last ended: ${ended}${code === undefined ? '' : `, exit code ${code}`}`);
  }
  if (state.message !== undefined) parts.push(state.message);
  const about = `pod ${pod.metadata.name}`;
  const warning = index.warnings.get(pod.metadata.uid ?? '');
  const told = warning === undefined ? [] : [eventEvidence(warning, now)];
  return [{ about, text: parts.join('; ') }, ...told];
}

function eventEvidence(event: KubeObject, now: number): Evidence {
  const seen = timeAt(event, 'lastTimestamp') ?? timeAt(event, 'eventTime');
  const count = numberAt(event, 'count') ?? 1;
  const when = seen === undefined ? '' : `${ageText(seen, now)} ago${count > 1 ? `, ${count} times` : ''}: `;
  return { about: `event ${textAt(event, 'reason') ?? ''}`, text: `${when}${textAt(event, 'message') ?? ''}` };
}

const podEvidence: Gather = (sight) => {
  const { facts, index } = sight;
  const set = setWithHash(index, facts, facts.canaryHash);
  if (set === undefined) return [];
  const pods = index.podsOf.get(set.metadata.uid ?? '') ?? [];
  const unwell = pods.filter((pod) => readPodState(pod).mood !== 'good' || readPodState(pod).ready < readPodState(pod).containers);
  const wanted = numberAt(set, 'spec', 'replicas') ?? 0;
  const counts = `${numberAt(set, 'status', 'availableReplicas') ?? 0} of ${wanted} available`;
  const failure = listAt(set, 'status', 'conditions').find((each) => textAt(each, 'type') === 'ReplicaFailure');
  return [
    { about: `ReplicaSet ${set.metadata.name}`, text: [counts, textAt(failure, 'message')].filter((part) => part !== undefined).join('; ') },
    ...unwell.slice(0, MOST_PODS).flatMap((pod) => podLines(sight, pod)),
    ...(unwell.length > MOST_PODS ? [{ about: 'pods', text: `${unwell.length - MOST_PODS} more like these` }] : []),
  ];
};

const quotaEvidence: Gather = (sight) => {
  const quotas = (sight.quotas ?? []).filter(({ metadata }) => metadata.namespace === sight.facts.namespace);
  const lines = quotas.flatMap((quota) =>
    Object.entries((quota['status'] as { hard?: Readonly<Record<string, string>> } | undefined)?.hard ?? {}).map(([name, hard]) => ({
      about: `ResourceQuota ${quota.metadata.name}`,
      text: `${name}: ${textAt(quota, 'status', 'used', name) ?? '?'} of ${hard}`,
    })),
  );
  return [...podEvidence(sight), ...lines];
};

const runEvidence: Gather = ({ facts, index, now }) => {
  const runs = currentRuns(index, facts);
  const run =
    runs.findLast((each) => ['Failed', 'Error', 'Inconclusive'].includes(textAt(each, 'status', 'phase') ?? '')) ?? findFailingRun(runs) ?? runs.at(-1);
  if (run === undefined) return [];
  const measured = readSeries([run]).flatMap((series): Evidence[] => {
    const limit = series.limit === undefined ? '' : `, wants ${limitText(series.limit, '>=', '<=')}`;
    const last = series.points
      .slice(-MOST_MEASUREMENTS)
      .map(
        (point) => `${point.value === undefined ? point.phase : formatNumber(point.value)}${point.at === undefined ? '' : ` (${ageText(point.at, now)} ago)`}`,
      );
    const message = series.message === undefined ? '' : `; ${series.message}`;
    return [
      {
        about: `metric ${series.name}`,
        text: `${metricWord(series, facts)}${limit}; last: ${last.length === 0 ? 'nothing measured' : last.join(', ')}${message}`,
      },
    ];
  });
  const verdict = verdictText(run) ?? countsText(readSeries([run]));
  const own = [phaseWord(run, facts), verdict, textAt(run, 'status', 'message')].filter((part) => part !== undefined && part !== '').join('; ');
  return [{ about: `AnalysisRun ${run.metadata.name}`, text: own }, ...measured];
};

const engineEvidence: Gather = ({ driver, facts, now }) => {
  const generation = {
    about: 'status',
    text: `observed generation ${textAt(facts.object, 'status', 'observedGeneration') ?? 'none'} of ${facts.object.metadata.generation ?? '?'}`,
  };
  if (driver.type === 'other') return [{ about: 'Lease', text: `held by ${driver.identity}, renewed ${ageText(driver.renewedAt, now)} ago` }, generation];
  return [{ about: 'Lease', text: driver.type === 'self' ? 'held by this console' : driver.reason }, generation];
};

const routeEvidence: Gather = ({ facts, index }) => {
  const real = readRealWeight(facts, index);
  const reading = comparePromise(facts, index);
  return [
    ...(reading === undefined
      ? []
      : [
          {
            about: 'steps',
            text: `promise ${reading.promised.least === reading.promised.most ? reading.promised.least : `${reading.promised.least} to ${reading.promised.most}`} %`,
          },
          { about: 'status', text: `claims ${reading.status ?? 'nothing'}${reading.status === undefined ? '' : ' %'}` },
        ]),
    ...real.objects.map(({ label, canary, stable, problem }) => ({
      about: label === '' ? 'route' : label,
      text: problem ?? `canary ${canary ?? '?'}, stable ${stable ?? '?'}`,
    })),
  ];
};

const stepEvidence: Gather = ({ facts, now }) => {
  const index = facts.stepIndex ?? -1;
  const step = facts.steps[index];
  const since = facts.pause?.since === undefined ? '' : `, paused since ${ageText(facts.pause.since, now)}`;
  return step === undefined ? [] : [{ about: `step ${index + 1} of ${facts.steps.length}`, text: `${describeStep(step)}${since}` }];
};

const conditionEvidence: Gather = ({ facts, now }) =>
  listAt(facts.object, 'status', 'conditions').map((condition) => {
    const word = (field: string): string => textAt(condition, field) ?? '';
    const since = ageText(timeAt(condition, 'lastTransitionTime'), now);
    return { about: `condition ${word('type')}`, text: `${word('status')} ${word('reason')}: ${word('message')} (${since})` };
  });

const progressEvidence: Gather = ({ facts }) => {
  const condition = findCondition(facts.object, 'Progressing');
  return condition === undefined
    ? []
    : [{ about: 'condition Progressing', text: `${textAt(condition, 'reason') ?? ''}: ${textAt(condition, 'message') ?? ''}` }];
};

const invalidEvidence: Gather = ({ facts }) => {
  const message = textAt(findCondition(facts.object, 'InvalidSpec'), 'message');
  return message === undefined ? [] : [{ about: 'condition InvalidSpec', text: message }];
};

const serviceEvidence: Gather = ({ facts, index }) =>
  serviceNames(facts).map((name) => ({ about: `Service ${name}`, text: index.services.has(`${facts.namespace}/${name}`) ? 'is there' : 'is not there' }));

const warningEvidence: Gather = ({ facts, index, now }) => {
  const warning = index.warnings.get(facts.uid);
  return warning === undefined ? [] : [eventEvidence(warning, now)];
};

const unmeasuredEvidence: Gather = ({ facts, index }) => {
  const text = unmeasuredText(facts, index);
  return text === undefined ? [] : [{ about: 'analysis', text: `${text}; its logs tell more` }];
};

const all =
  (...gathers: readonly Gather[]): Gather =>
  (sight) =>
    gathers.flatMap((gather) => gather(sight));

const PODS = all(podEvidence);

const BY_CAUSE: Readonly<Record<string, Gather>> = {
  'invalid-spec': invalidEvidence,
  'service-missing': all(invalidEvidence, serviceEvidence),
  'no-engine': engineEvidence,
  'engine-silent': engineEvidence,
  'not-observed': engineEvidence,
  'refused-set': all(progressEvidence, warningEvidence),
  quota: quotaEvidence,
  'analysis-failed': all(progressEvidence, runEvidence),
  'analysis-error': all(progressEvidence, runEvidence),
  'aborted-deadline': all(progressEvidence, PODS),
  aborted: all(progressEvidence, warningEvidence),
  deadline: all(progressEvidence, PODS),
  inconclusive: all(stepEvidence, runEvidence),
  'analysis-failing': all(runEvidence, stepEvidence, routeEvidence),
  'metric-source-down': all(runEvidence, stepEvidence),
  analysis: all(stepEvidence, runEvidence),
  route: all(routeEvidence, warningEvidence),
  'route-drift': routeEvidence,
  weight: all(stepEvidence, routeEvidence),
  gate: all(stepEvidence, routeEvidence, (sight) => (runsOf(sight.index, sight.facts).length > 0 ? runEvidence(sight) : []), unmeasuredEvidence),
  'timed-pause': all(stepEvidence, routeEvidence, unmeasuredEvidence),
  held: all(conditionEvidence, stepEvidence, unmeasuredEvidence),
  warning: warningEvidence,
  pods: PODS,
  undetermined: all(conditionEvidence, warningEvidence),
};

const POD_CAUSES: ReadonlySet<string> = new Set([
  'image-pull',
  'bad-image-name',
  'crash-loop',
  'unschedulable',
  'not-created',
  'pod-error',
  'init-container',
  'container-config',
  'volume-mount',
  'readiness',
]);

export function evidenceFor(cause: string, sight: ReasonSight): readonly Evidence[] {
  const gather = POD_CAUSES.has(cause) ? PODS : BY_CAUSE[cause];
  const owner = findGitOpsOwner(sight.facts.object);
  const owned = owner === undefined ? [] : [{ about: 'owner', text: `${owner}: what is changed here by hand may be put back from git` }];
  return [...(gather?.(sight) ?? []), ...owned];
}
