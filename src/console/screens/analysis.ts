// The screen `analysis`: one run: its verdict, and each metric with its condition, its source and its measurements.

import { REVISION } from '../../kinds/labels.js';
import { currentRuns, indexOf, runsOf } from '../board.js';
import { allBeside, besidePairs } from '../beside.js';
import { findObject } from '../find-object.js';
import type { StyledLine } from '../frame.js';
import { maskObject, maskText } from '../mask.js';
import { formatNumber, type MetricSeries, readSeries } from '../metric-series.js';
import type { Model } from '../model.js';
import type { Page } from '../page.js';
import type { PageScreen } from '../page-screen.js';
import { numbered, type Pair, pairs, section } from '../paragraphs.js';
import { at, flagAt, listAt, numberAt, textAt, timeAt } from '../../lib/read.js';
import { countsText, limitText, metricWord, phaseWord, verdictText } from '../reason-analysis.js';
import { NO_HASHES, sidesOf } from '../sides.js';
import { span, sparkline } from '../spans.js';
import { chartRange } from '../chart-range.js';
import type { StyleName } from '../style.js';
import { ageText, clockText } from '../time-words.js';
import { isRecord } from '../../lib/deep.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { pageNow } from '../server-now.js';
import { unmeasuredText } from '../unmeasured.js';

const MOST_MEASUREMENTS = 12;
const SPARK = 40;

const PHASE_STYLES: Readonly<Record<string, StyleName>> = { Successful: 'good', Failed: 'bad', Error: 'bad', Inconclusive: 'attention', Running: 'progress' };

const styleOf = (phase: string): StyleName => PHASE_STYLES[phase] ?? 'muted';

/** "prometheus http://prometheus:9090": the source and where it is asked. */
function providerWords(metric: unknown): string {
  const provider = at(metric, 'provider');
  const name = isRecord(provider) ? (Object.keys(provider)[0] ?? '') : '';
  const where = textAt(provider, name, 'address') ?? textAt(provider, name, 'url') ?? '';
  return maskText(`${name} ${where}`.trim());
}

/** What the source is asked: a query, several with what is made of them, or the judgement of a canary by a config of that name. */
function questionWords(provider: unknown): string | undefined {
  const queries = at(provider, 'queries');
  const named = isRecord(queries) ? Object.entries(queries).map(([name, text]) => `${name}: ${typeof text === 'string' ? text : ''}`) : [];
  const series = listAt(provider, 'metricDataQueries').map((each) => {
    const stat = at(each, 'metricStat');
    const metric = [textAt(stat, 'stat'), textAt(stat, 'metric', 'namespace'), textAt(stat, 'metric', 'metricName')].filter((part) => part !== undefined);
    return `${textAt(each, 'id') ?? ''}: ${textAt(each, 'expression') ?? metric.join(' ')}`;
  });
  const parts = [textAt(provider, 'query'), textAt(provider, 'formula'), ...named, ...series, textAt(provider, 'canaryConfigName')];
  const text = parts.filter((part) => part !== undefined && part !== '').join(', ');
  return text === '' ? undefined : maskText(text);
}

/** Kayenta's own limits, in place of a condition. */
function thresholdWords(provider: unknown): string | undefined {
  const [pass, marginal] = [numberAt(provider, 'threshold', 'pass'), numberAt(provider, 'threshold', 'marginal')];
  return pass === undefined ? undefined : `score >= ${pass}${marginal === undefined ? '' : `, inconclusive from ${marginal}`}`;
}

/** "curl: sh -c ./smoke": the image of a job's first container, and what it runs. */
function jobWords(provider: unknown): string | undefined {
  const [container] = listAt(provider, 'spec', 'template', 'spec', 'containers');
  const image = textAt(container, 'image');
  const command = [...listAt(container, 'command'), ...listAt(container, 'args')].join(' ');
  return image === undefined ? undefined : maskText(command === '' ? image : `${image}: ${command}`);
}

/** Arguments in a query are read as they were given; those from Secrets have no value here. */
function filled(text: string | undefined, run: KubeObject): string | undefined {
  return text?.replace(/\{\{\s*args\.([\w.-]+)\s*\}\}/g, (whole, name: string) => {
    const arg = listAt(maskObject(run), 'spec', 'args').find((each) => textAt(each, 'name') === name);
    return textAt(arg, 'value') ?? whole;
  });
}

function measurementPairs(model: Model, result: unknown): readonly Pair[] {
  const measurements = listAt(result, 'measurements');
  return measurements
    .slice(-MOST_MEASUREMENTS)
    .toReversed()
    .map((each) => {
      const time = timeAt(each, 'finishedAt') ?? timeAt(each, 'startedAt');
      const phase = textAt(each, 'phase') ?? '';
      const job = textAt(each, 'metadata', 'job-name');
      const text = [phase, textAt(each, 'value'), textAt(each, 'message'), job === undefined ? undefined : `job ${job}`]
        .filter((part) => part !== undefined && part !== '')
        .join('  ');
      return { label: time === undefined ? '' : clockText(time, model.utcOffsetMinutes), text: maskText(text), style: styleOf(phase) };
    });
}

function metricLines(model: Model, page: Page, run: KubeObject, metric: unknown, series: MetricSeries | undefined): readonly StyledLine[] {
  const width = model.size.columns - 2;
  const name = textAt(metric, 'name') ?? '';
  const result = listAt(run, 'status', 'metricResults').find((each) => textAt(each, 'name') === name);
  const providers = at(metric, 'provider');
  const provider: unknown = isRecord(providers) ? Object.values(providers)[0] : undefined;
  const limit = series?.limit === undefined ? '' : `  (${limitText(series.limit, model.glyphs.atLeast, model.glyphs.atMost)})`;
  const row = (label: string, text: string | undefined): Pair[] => (text === undefined || text === '' ? [] : [{ label, text }]);
  const phase = series === undefined ? 'Pending' : metricWord(series, model.board.byKey.get(page.key));
  const spark =
    series === undefined || series.points.every(({ value }) => value === undefined)
      ? ''
      : sparkline(
          model.glyphs,
          series.points.map(({ value }) => value),
          Math.min(SPARK, series.points.length),
          chartRange([series]),
        );
  return [
    [],
    [
      span(`${name} `, 'title'),
      span(phase, styleOf(phase)),
      span(flagAt(result, 'dryRun') ? ' (dry run)' : '', 'muted'),
      span(series === undefined ? '' : `  ${countsText([series])}`, 'muted'),
    ],
    ...pairs(
      [
        ...row('values', spark),
        ...row('passes when', textAt(metric, 'successCondition') === undefined ? undefined : `${textAt(metric, 'successCondition') ?? ''}${limit}`),
        ...row('passes when', thresholdWords(provider)),
        ...row('fails when', textAt(metric, 'failureCondition')),
        ...row('source', filled(providerWords(metric), run)),
        ...row('query', filled(questionWords(provider), run)),
        ...row('runs', filled(jobWords(provider), run)),
        ...row('every', textAt(metric, 'interval')),
        ...row(
          'last',
          series === undefined ? undefined : series.points.at(-1)?.value === undefined ? undefined : formatNumber(series.points.at(-1)?.value ?? 0),
        ),
        ...measurementPairs(model, result),
      ],
      width,
    ),
  ];
}

/** The run asked for, or the newest of the rollout. */
function runFor(model: Model, page: Page): KubeObject | undefined {
  if (page.subject.kind === 'AnalysisRun') return findObject(model, page);
  const facts = model.board.byKey.get(page.key);
  if (facts === undefined) return undefined;
  const runs = currentRuns(indexOf(model.board, facts), facts);
  return (
    runs.findLast((run) => ['Failed', 'Error', 'Inconclusive', 'Running'].includes(textAt(run, 'status', 'phase') ?? '')) ??
    runs.at(-1) ??
    runsOf(indexOf(model.board, facts), facts)[0]
  );
}

/** The run of an earlier revision says nothing of the one on its way. */
function otherRevisionLine({ board }: Model, { key }: Page, run: KubeObject): readonly StyledLine[] {
  const facts = board.byKey.get(key);
  const revision = run.metadata.annotations?.[REVISION];
  if (facts === undefined || revision === undefined || facts.revision === '' || revision === facts.revision) return [];
  const unmeasured = unmeasuredText(facts, indexOf(board, facts));
  return [[span(`This is of revision ${revision}; now is ${facts.revision}${unmeasured === undefined ? '' : `, and ${unmeasured}`}.`, 'attention')]];
}

/** With what other runs of this revision have measured, too: a template may run once for each side. */
function comparedPairs({ board, glyphs }: Model, { key }: Page, run: KubeObject): readonly Pair[] {
  const facts = board.byKey.get(key);
  const current = facts === undefined ? [] : currentRuns(indexOf(board, facts), facts);
  const sides = facts === undefined ? NO_HASHES : sidesOf(facts);
  const all = readSeries(current.includes(run) ? current : [run], sides);
  const own = readSeries([run]).map(({ asked }) => asked);
  return besidePairs(
    glyphs,
    allBeside(all, sides).filter(({ canary, baseline }) => own.includes(canary.asked) || own.includes(baseline.asked)),
  );
}

function linesOf(model: Model, page: Page, run: KubeObject): readonly StyledLine[] {
  const width = model.size.columns - 2;
  const phase = phaseWord(run, model.board.byKey.get(page.key));
  const series = readSeries([run]);
  const started = timeAt(run, 'status', 'startedAt') ?? timeAt(run, 'metadata', 'creationTimestamp');
  const completed = timeAt(run, 'status', 'completedAt');
  const verdict = verdictText(run);
  const message = textAt(run, 'status', 'message');
  const args = listAt(maskObject(run), 'spec', 'args').map(
    (arg): Pair => ({ label: textAt(arg, 'name') ?? '', text: textAt(arg, 'value') ?? '(from a reference)' }),
  );
  const empty = (phase === 'Successful' || phase.startsWith('ended')) && series.every(({ points }) => points.length === 0);
  return [
    ...otherRevisionLine(model, page, run),
    empty ? [span(`${phase}: nothing was measured`, 'attention')] : [span(`${phase}${verdict === undefined ? '' : `: ${verdict}`}`, styleOf(phase))],
    ...pairs(
      [
        { label: 'type', text: run.metadata.labels?.['rollout-type'] ?? 'by hand' },
        {
          label: 'started',
          text: `${ageText(started, pageNow(model, page))} ago${completed === undefined ? '' : `, ended ${ageText(completed, pageNow(model, page))} ago`}`,
        },
        ...(message === undefined || message === '' ? [] : [{ label: 'message', text: maskText(message) }]),
      ],
      width,
    ),
    ...listAt(run, 'spec', 'metrics').flatMap((metric) =>
      metricLines(
        model,
        page,
        run,
        metric,
        series.find(({ name }) => name === textAt(metric, 'name')),
      ),
    ),
    ...section('Canary beside its baseline', pairs(comparedPairs(model, page, run), width)),
    ...section('Arguments', pairs(args, width)),
  ];
}

export const analysisScreen: PageScreen = {
  id: 'analysis',
  word: 'analysis',
  form: 'text',
  about: ['AnalysisRun'],
  contents(model, page) {
    const run = runFor(model, page);
    return {
      title: run === undefined ? 'Analysis' : `AnalysisRun ${run.metadata.name}`,
      empty: 'no analysis has run for this revision',
      lines: numbered(run === undefined ? [] : linesOf(model, page, run)),
    };
  },
};
