// What the screen `rollout` shows, gathered once for a frame: update scrolls by it, view draws it.

import type { KubeObject } from '../../../kinds/kube-object.js';
import { EXPERIMENT, HORIZONTAL_POD_AUTOSCALER, POD_DISRUPTION_BUDGET, type ResourceType } from '../../../kinds/resource-type.js';
import { sanitise, wrap } from '../../../lib/text-width.js';
import { currentRuns, indexOf } from '../../board.js';
import type { RolloutFacts } from '../../facts.js';
import { type MetricSeries, readSeries } from '../../metric-series.js';
import { type DetailState, driftOf, extraObjects, type Model, rowsAbove } from '../../model.js';
import { explain, headline, type Reason } from '../../reason.js';
import { type RealWeight, readRealWeight } from '../../route-weight.js';
import { sidesOf } from '../../sides.js';
import { sightOf } from '../../sight.js';
import { type TreeRow, treeRows } from '../../tree.js';
import { aroundRows } from '../../tree-around.js';
import { type DetailLayout, layoutDetail } from './layout.js';
import { serverNow } from '../../server-now.js';

export type DetailContents = {
  readonly facts: RolloutFacts;
  readonly reason: Reason;
  readonly sentence: readonly string[];
  readonly real: RealWeight;
  readonly series: readonly MetricSeries[];
  readonly rows: readonly TreeRow[];
  readonly layout: DetailLayout;
};

const LONGEST_SENTENCE_ROWS = 3;

/** Rows of the traffic part: two sides, what routes them, and pods where no router does. */
function trafficRows(real: RealWeight): number {
  return 2 + Math.max(1, real.objects.length);
}

/** Undefined when the rollout is gone. */
export function gatherDetail(model: Model, detail: DetailState): DetailContents | undefined {
  const facts = model.board.byKey.get(detail.key);
  if (facts === undefined) return undefined;
  const index = indexOf(model.board, facts);
  const sight = sightOf(model, facts);
  const reason = explain(sight);
  const sentence = wrap(
    sanitise(headline(sight, reason)),
    model.size.columns - 4,
    Math.min(LONGEST_SENTENCE_ROWS, Math.max(1, Math.floor(model.size.rows / 8))),
  );
  const real = readRealWeight(facts, index);
  const series = readSeries(currentRuns(index, facts), sidesOf(facts));
  const extra = (resource: ResourceType): readonly KubeObject[] => extraObjects(model, facts.cluster, resource, facts.namespace);
  const around = { autoscalers: extra(HORIZONTAL_POD_AUTOSCALER), budgets: extra(POD_DISRUPTION_BUDGET) };
  const rows = [
    ...treeRows({ facts, index, folds: detail.folds, now: serverNow(model, facts.cluster), experiments: extra(EXPERIMENT) }),
    ...aroundRows(facts, index, around, detail.folds),
  ];
  // Two rows are kept even when one would do: the parts below must not jump when a sentence grows.
  const sentenceRows = Math.max(model.size.rows >= 16 ? 2 : 1, sentence.length);
  const content = {
    staleRows: rowsAbove(model),
    sentenceRows,
    stepCount: facts.steps.length,
    metricCount: series.length,
    trafficRows: trafficRows(real) + (driftOf(model, facts) === undefined ? 0 : 1),
  };
  const layout = layoutDetail(model.size, content, detail.section);
  return { facts, reason, sentence, real, series, rows, layout };
}

/** Where the cursor stands in the tree. */
export function findRow(rows: readonly TreeRow[], row: DetailState['row']): number {
  const index = row.id === undefined ? -1 : rows.findIndex(({ id }) => id === row.id);
  return index >= 0 ? index : Math.min(row.place, Math.max(0, rows.length - 1));
}

/** The first step shown: as scrolled, or so that the current one stands second. */
export function findStepTop(facts: RolloutFacts, stepTop: number | undefined, rows: number): number {
  const furthest = Math.max(0, facts.steps.length - rows);
  const wanted = stepTop ?? Math.min(facts.stepIndex ?? 0, facts.steps.length - 1) - 1;
  return Math.min(Math.max(0, wanted), furthest);
}
