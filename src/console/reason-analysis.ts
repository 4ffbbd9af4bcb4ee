// Analyses in one clause: how a running one stands, and the value and the limit on which one failed.

import type { KubeObject } from '../kinds/kube-object.js';
import type { RolloutFacts } from './facts.js';
import type { Limit } from './metric-limit.js';
import { formatNumber, type MetricSeries, readSeries } from './metric-series.js';
import { listAt, numberAt, textAt } from '../lib/read.js';
import { cut, sanitise, textWidth } from '../lib/text-width.js';

/** What was measured and how it missed: "error-rate", " 0.11 > 0.05", and how often. */
export type Miss = { readonly name: string; readonly value: string; readonly counts: readonly string[] };

/** "error-rate 0.11 > 0.05; 2 failed, limit 3; 0 passed" */
export const missWords = ({ name, value, counts }: Miss): string => [`${name}${value}`, ...counts].join('; ');

/** In so many cells: the counts go first, then the end of the name; the value and its limit stay whole. */
export function fitMiss(miss: Miss, width: number): string {
  for (let kept = miss.counts.length; kept >= 0; kept -= 1) {
    const text = sanitise(missWords({ ...miss, counts: miss.counts.slice(0, kept) }));
    if (textWidth(text) <= width) return text;
  }
  const value = sanitise(miss.value);
  const room = width - textWidth(value);
  return room < 1 ? cut(sanitise(missWords(miss)), width) : `${cut(sanitise(miss.name), room)}${value}`;
}

/** "≥ 0.95" (">= 0.95" in ASCII). */
export function limitText(limit: Limit, atLeast = '≥', atMost = '≤'): string {
  const sign = limit.comparison === '>=' ? atLeast : limit.comparison === '<=' ? atMost : limit.comparison;
  return `${sign} ${formatNumber(limit.value)}`;
}

const errorsText = (count: number): string => (count === 1 ? '1 error' : `${count} errors`);

/** "3 passed, 0 failed", and errors and inconclusive ones where there are any. */
export function countsText(series: readonly MetricSeries[]): string {
  const sum = (field: 'passed' | 'failed' | 'inconclusive' | 'errors'): number =>
    series.filter(({ dryRun }) => !dryRun).reduce((total, each) => total + each[field], 0);
  const parts = [`${sum('passed')} passed`, `${sum('failed')} failed`];
  if (sum('inconclusive') > 0) parts.push(`${sum('inconclusive')} inconclusive`);
  if (sum('errors') > 0) parts.push(errorsText(sum('errors')));
  return parts.join(', ');
}

function limitOf(run: KubeObject, metric: string, field: 'failureLimit' | 'inconclusiveLimit' | 'consecutiveErrorLimit', usual: number): number {
  const spec = listAt(run, 'spec', 'metrics').find((each) => textAt(each, 'name') === metric);
  return numberAt(spec, field) ?? usual;
}

const USUAL_ERROR_LIMIT = 4;

/** Longer answers are documents; what matters of them does not fit into a clause. */
const LONGEST_ANSWER = 24;

/** ` "nok"`: what a source answered that is no number, when it is short. */
function answerText(run: KubeObject, metric: string): string {
  const result = listAt(run, 'status', 'metricResults').find((each) => textAt(each, 'name') === metric);
  const value =
    textAt(
      listAt(result, 'measurements').findLast((each) => textAt(each, 'phase') === 'Failed'),
      'value',
    ) ?? '';
  return value === '' || value.length > LONGEST_ANSWER ? '' : ` ${value}`;
}

/** " 0.913 < 0.95": short, because the lists cut a line at its end; the sign is plain ASCII wherever one cell has to do. */
function missText(value: number, limit: Limit | undefined): string {
  if (limit === undefined) return ` ${formatNumber(value)}`;
  const shown = formatNumber(value) === formatNumber(limit.value) ? String(value) : formatNumber(value);
  if (limit.comparison === '>=' && value < limit.value) return ` ${shown} < ${formatNumber(limit.value)}`;
  if (limit.comparison === '<=' && value > limit.value) return ` ${shown} > ${formatNumber(limit.value)}`;
  return ` ${shown}, wants ${limitText(limit, '>=', '<=')}`;
}

function missOf(run: KubeObject, { name, failed, points, limit }: MetricSeries): Miss {
  const worst = points.findLast(({ phase }) => phase === 'Failed')?.value;
  const value = worst === undefined ? answerText(run, name) : missText(worst, limit);
  return { name, value, counts: [`${failed} failed, limit ${limitOf(run, name, 'failureLimit', 0)}`] };
}

/** Of the metric on which it failed; undefined when none did. */
export function verdictMiss(run: KubeObject): Miss | undefined {
  const failed = readSeries([run]).find(({ phase, dryRun }) => !dryRun && phase === 'Failed');
  return failed === undefined ? undefined : missOf(run, failed);
}

/** "success-rate 0.913 < 0.95; 4 failed, limit 3". Undefined when no metric of the run has that phase. */
export function verdictText(run: KubeObject): string | undefined {
  const miss = verdictMiss(run);
  if (miss !== undefined) return missWords(miss);
  const series = readSeries([run]).filter(({ dryRun }) => !dryRun);
  const broken = series.find(({ phase }) => phase === 'Error');
  if (broken !== undefined) {
    const why = broken.message === undefined ? '' : `: ${broken.message}`;
    return `${broken.name} could not be measured, ${errorsText(broken.errors)}, limit ${limitOf(run, broken.name, 'consecutiveErrorLimit', USUAL_ERROR_LIMIT)}${why}`;
  }
  const unclear = series.find(({ phase }) => phase === 'Inconclusive');
  if (unclear === undefined) return undefined;
  return `${unclear.name} is inconclusive, ${unclear.inconclusive} measurements, limit ${limitOf(run, unclear.name, 'inconclusiveLimit', 0)}`;
}

type Hashes = Pick<RolloutFacts, 'stableHash' | 'canaryHash'>;

/** Its phase; of one that was cut short, that it was: what it had not measured yet was no success. `facts`: of its rollout, as far as they are known. */
export function metricWord({ phase, cut, hash }: MetricSeries, facts?: Hashes): string {
  if (cut === undefined || (phase !== 'Successful' && phase !== 'Pending')) return phase;
  if (cut === 'counted') return 'ended early';
  // One without a last measurement is always told to end: with the release, or before.
  if (facts === undefined || hash === undefined) return 'ended';
  return hash === facts.stableHash ? phase : hash === facts.canaryHash ? 'ended early' : 'ended';
}

/** As of a metric, of a whole run. */
export function phaseWord(run: KubeObject, facts?: Hashes): string {
  const phase = runPhase(run);
  if (phase !== 'Successful') return phase;
  const words = readSeries([run]).map((series) => metricWord(series, facts));
  return words.find((word) => word === 'ended early') ?? words.find((word) => word === 'ended') ?? phase;
}

const runPhase = (run: KubeObject): string => textAt(run, 'status', 'phase') ?? 'Pending';

/** Of the rollout's current runs the newest one that went wrong. */
export function findBadRun(runs: readonly KubeObject[]): KubeObject | undefined {
  return runs.findLast((run) => runPhase(run) === 'Failed' || runPhase(run) === 'Error');
}

/** One that failed once and has been well since is not failing, unless the next failure ends it. */
function isFailing(run: KubeObject, { name, failed, dryRun, points }: MetricSeries): boolean {
  if (dryRun || failed === 0) return false;
  const limit = limitOf(run, name, 'failureLimit', 0);
  return points.findLast(({ phase }) => phase !== 'Error')?.phase === 'Failed' || (limit >= 0 && failed >= limit);
}

/** Only while it runs: the failures of a run that is over stay in the list after a retry. */
const failingMetric = (run: KubeObject): MetricSeries | undefined =>
  runPhase(run) === 'Running' ? readSeries([run]).find((series) => isFailing(run, series)) : undefined;

/** The newest run that goes on though it is failing. */
export function findFailingRun(runs: readonly KubeObject[]): KubeObject | undefined {
  return runs.findLast((run) => failingMetric(run) !== undefined);
}

/** What fails in it. */
export function findFailingMiss(runs: readonly KubeObject[]): Miss | undefined {
  const run = findFailingRun(runs);
  const series = run === undefined ? undefined : failingMetric(run);
  if (run === undefined || series === undefined) return undefined;
  const { name, errors, passed } = series;
  const miss = missOf(run, series);
  const broken = errors === 0 ? [] : [`${errorsText(errors)}, limit ${limitOf(run, name, 'consecutiveErrorLimit', USUAL_ERROR_LIMIT)}`];
  return { ...miss, counts: [...miss.counts, ...broken, `${passed} passed`] };
}

/** What the measurement source last answered, while it keeps failing: a run that is alive but blind. */
function blindness(series: readonly MetricSeries[]): string {
  const blind = series.find(({ points }) => points.at(-1)?.phase === 'Error');
  return blind === undefined ? '' : `; ${blind.name} can not be measured${blind.message === undefined ? '' : `: ${blind.message}`}`;
}

/** "success-rate can not be measured, 2 errors, limit 4: connection refused" of a run that is still alive. */
export function findBlindMetric(runs: readonly KubeObject[]): string | undefined {
  const run = runs.findLast((each) => runPhase(each) === 'Running');
  const blind = run === undefined ? undefined : readSeries([run]).find(({ points, dryRun }) => !dryRun && points.at(-1)?.phase === 'Error');
  if (run === undefined || blind === undefined) return undefined;
  const limit = limitOf(run, blind.name, 'consecutiveErrorLimit', USUAL_ERROR_LIMIT);
  return `${blind.name} can not be measured, ${errorsText(blind.errors)}, limit ${limit}${blind.message === undefined ? '' : `: ${blind.message}`}`;
}

/** "Analysis apdex is running: 3 passed, 0 failed." for the newest run that is not over; undefined when none is. */
export function runningText(runs: readonly KubeObject[]): string | undefined {
  const run = runs.findLast((each) => runPhase(each) === 'Running' || runPhase(each) === 'Pending');
  if (run === undefined) return undefined;
  const series = readSeries([run]);
  const names = series.map(({ name }) => name).join(', ');
  const state = runPhase(run) === 'Running' ? `is running: ${countsText(series)}` : 'has not begun';
  return `Analysis ${names === '' ? run.metadata.name : names} ${state}${blindness(series)}.`;
}
