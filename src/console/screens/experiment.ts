// The screen `experiment`: its templates with their pods and share of the traffic, and its analyses.

import { allBeside, besidePairs } from '../beside.js';
import { findObject } from '../find-object.js';
import type { StyledLine } from '../frame.js';
import { readSeries } from '../metric-series.js';
import { extraObjects, type Model } from '../model.js';
import type { Page } from '../page.js';
import type { PageScreen } from '../page-screen.js';
import { numbered, type Pair, pairs, section } from '../paragraphs.js';
import { listAt, numberAt, textAt, timeAt } from '../../lib/read.js';
import { readKey } from '../rollout-key.js';
import { sideIn, type Sides } from '../sides.js';
import { span } from '../spans.js';
import { ageText } from '../time-words.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { EXPERIMENT } from '../../kinds/resource-type.js';
import { imageWords } from '../tree.js';
import { pageNow } from '../server-now.js';

function experimentFor(model: Model, page: Page): KubeObject | undefined {
  const { key, subject } = page;
  if (subject.kind === 'Experiment') return findObject(model, page);
  const uid = model.board.byKey.get(key)?.uid;
  const own = extraObjects(model, readKey(key).cluster, EXPERIMENT, subject.namespace).filter(
    ({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid) === true,
  );
  return own.toSorted((a, b) => (timeAt(b, 'metadata', 'creationTimestamp') ?? 0) - (timeAt(a, 'metadata', 'creationTimestamp') ?? 0))[0];
}

function templatePairs(experiment: KubeObject): readonly Pair[] {
  return listAt(experiment, 'spec', 'templates').map((template) => {
    const name = textAt(template, 'name') ?? '';
    const status = listAt(experiment, 'status', 'templateStatuses').find((each) => textAt(each, 'name') === name);
    const weight = numberAt(template, 'weight');
    const counts = `${numberAt(status, 'availableReplicas') ?? 0} of ${numberAt(template, 'replicas') ?? 1} available`;
    const image = imageWords({ apiVersion: '', kind: '', metadata: { name }, spec: template });
    const parts = [
      textAt(status, 'status') ?? 'Pending',
      counts,
      weight === undefined ? '' : `${weight} % of the traffic`,
      image,
      textAt(status, 'message') ?? '',
    ];
    return { label: name, text: parts.filter((part) => part !== '').join('; ') };
  });
}

function analysisPairs(experiment: KubeObject): readonly Pair[] {
  return listAt(experiment, 'status', 'analysisRuns').map((run) => {
    const parts = [textAt(run, 'phase') ?? 'Pending', textAt(run, 'analysisRun') ?? '', textAt(run, 'message') ?? ''];
    return { label: textAt(run, 'name') ?? '', text: parts.filter((part) => part !== '').join('; ') };
  });
}

/** Its templates by their names: each has a hash of its own. */
function sidesOfTemplates(experiment: KubeObject): Sides {
  return new Map(
    listAt(experiment, 'status', 'templateStatuses').flatMap((each) => {
      const side = sideIn(textAt(each, 'name') ?? '');
      const hash = textAt(each, 'podTemplateHash');
      return hash === undefined || side === undefined ? [] : [[hash, side] as const];
    }),
  );
}

function comparedPairs(model: Model, page: Page, experiment: KubeObject): readonly Pair[] {
  const { cluster } = readKey(page.key);
  const runs = model.board.indexes.get(cluster)?.runsOf.get(experiment.metadata.uid ?? '') ?? [];
  const sides = sidesOfTemplates(experiment);
  return besidePairs(model.glyphs, allBeside(readSeries(runs, sides), sides));
}

function linesOf(model: Model, page: Page, experiment: KubeObject): readonly StyledLine[] {
  const width = model.size.columns - 2;
  const phase = textAt(experiment, 'status', 'phase') ?? 'Pending';
  const began = timeAt(experiment, 'status', 'availableAt');
  const message = textAt(experiment, 'status', 'message');
  return [
    [span(phase, phase === 'Failed' || phase === 'Error' ? 'bad' : phase === 'Successful' ? 'good' : 'progress')],
    ...pairs(
      [
        { label: 'lasts', text: textAt(experiment, 'spec', 'duration') ?? 'until its analyses end' },
        { label: 'running for', text: began === undefined ? 'not yet' : ageText(began, pageNow(model, page)) },
        ...(message === undefined || message === '' ? [] : [{ label: 'message', text: message }]),
      ],
      width,
    ),
    ...section('Templates', pairs(templatePairs(experiment), width)),
    ...section('Analyses', pairs(analysisPairs(experiment), width)),
    ...section('Canary beside its baseline', pairs(comparedPairs(model, page, experiment), width)),
  ];
}

export const experimentScreen: PageScreen = {
  id: 'experiment',
  word: 'experiment',
  form: 'text',
  about: ['Experiment'],
  contents(model, page) {
    const experiment = experimentFor(model, page);
    return {
      title: experiment === undefined ? 'Experiment' : `Experiment ${experiment.metadata.name}`,
      empty: 'there is no experiment',
      lines: numbered(experiment === undefined ? [] : linesOf(model, page, experiment)),
    };
  },
  needs: (_model, { key, subject }) => [{ type: 'objects', cluster: readKey(key).cluster, resource: EXPERIMENT, namespace: subject.namespace }],
};
