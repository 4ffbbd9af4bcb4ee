// What a failed analysis has aborted is not to go on: nothing on the screen suggests promoting it fully.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { footerLine } from '../../src/console/footer.js';
import type { Model } from '../../src/console/model.js';
import { lineText } from '../../src/console/spans.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { aReplicaSet, aRollout, aSnapshot, anAnalysisRun, CANARY_HASH, STABLE_HASH } from '../support/builders.js';
import { aModel, press } from '../support/console-scenes.js';

const sets = [aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 2 }), aReplicaSet('shop/cart', { revision: 6, hash: STABLE_HASH, wanted: 3 })];
const failed = anAnalysisRun('shop/cart', { name: 'cart-7', metric: 'error-rate', phase: 'Failed', failure: 'result[0] > 0.05', failed: 1, values: ['[0.13]'], phases: ['Failed'] });
const aborted = (runs: readonly KubeObject[], columns = 200): Model => aModel(columns, 24, aSnapshot({ rollouts: [aRollout('shop/cart').aborted(1, 60).build()], replicaSets: sets, analysisRuns: runs }));
const footer = (model: Model): string => lineText(footerLine(model)).trim();

test('p on what a failed analysis has aborted says why, and how to go back or on', () => {
  const said = press(aborted([failed]), 'p')[0].notice?.text ?? '';
  assert.match(said, /^cart was aborted: analysis cart-7 has failed: error-rate.* w why, X roll back, r retry\.$/);
  assert.doesNotMatch(said, /fully/);
});

test('the bottom line does not offer a full promotion where an analysis of this revision failed; its key still asks', () => {
  for (const columns of [40, 80, 200, 500]) assert.doesNotMatch(footer(aborted([failed], columns)), /P\b/, `${columns}`);
  assert.match(footer(aborted([])), /P full/);
  assert.match(press(aborted([failed]), 'P')[0].question?.proposal.warnings.join() ?? '', /cart-7 has failed/);
});
