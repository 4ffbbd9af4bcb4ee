// The text of `get rollout`: a head of figures and a tree of revisions, in the form that users of the plugin know.

import { readPhase } from '../console/phase.js';
import { type Mood, readPodState } from '../console/pod-state.js';
import { listAt, numberAt, textAt, timeAt } from '../lib/read.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { formatAge } from '../lib/go-duration.js';
import type { Instant } from '../lib/instant.js';
import { figuresOf, isOwnedBy, revisionOf, rolesOf, scaleDownDeadline } from './rollout-info.js';

export type RolloutObjects = {
  readonly rollout: KubeObject;
  readonly replicaSets: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
  readonly analysisRuns: readonly KubeObject[];
  readonly experiments?: readonly KubeObject[];
};

type Row = {
  readonly name: string;
  readonly kind: string;
  readonly icon: string;
  readonly status: string;
  readonly age: string;
  readonly info: readonly string[];
};

export type Node = { readonly row: Row; readonly children: readonly Node[] };

const KIND_ICONS = { Rollout: '⟳', revision: '#', ReplicaSet: '⧉', Pod: '□', Experiment: 'Σ', AnalysisRun: 'α', Job: '⊞' } as const;

const MOOD_ICONS: Readonly<Record<Mood, string>> = {
  good: '✔',
  bad: '✖',
  warning: '⚠',
  unknown: '?',
  progress: '◌',
  waiting: '◷',
  paused: '॥',
  neutral: '•',
};

const PHASE_ICONS: Readonly<Record<string, string>> = { Healthy: '✔', Progressing: '◌', Paused: '॥', Degraded: '✖' };

export const RUN_ICONS: Readonly<Record<string, string>> = { Successful: '✔', Inconclusive: '?', Failed: '✖', Error: '⚠', Running: '◌', Pending: '◷' };

export const ICON_COLOURS: Readonly<Record<string, number>> = { '✔': 32, '◌': 94, '॥': 94, '✖': 31, '⚠': 31, '?': 33, '◷': 33 };

const WORD_COLOURS: Readonly<Record<string, number>> = { stable: 32, active: 32, canary: 33, preview: 94, ping: 94, pong: 94 };

export type Paint = (text: string, code: number | undefined) => string;

export const plain: Paint = (text) => text;

export const coloured: Paint = (text, code) => (code === undefined ? text : `\u001b[${code}m${text}\u001b[0m`);

const ageOf = (object: KubeObject, now: Instant): string => formatAge(now - (timeAt(object, 'metadata', 'creationTimestamp') ?? now));

function podNode(pod: KubeObject, now: Instant): Node {
  const state = readPodState(pod);
  const info = [`ready:${state.ready}/${state.containers}`, ...(state.restarts > 0 ? [`restarts:${state.restarts}`] : [])];
  return {
    row: { name: `${KIND_ICONS.Pod} ${pod.metadata.name}`, kind: 'Pod', icon: MOOD_ICONS[state.mood], status: state.word, age: ageOf(pod, now), info },
    children: [],
  };
}

function replicaSetStatus(replicaSet: KubeObject): readonly [string, string] {
  const wanted = numberAt(replicaSet, 'spec', 'replicas') ?? 1;
  const failing = listAt(replicaSet, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'ReplicaFailure' && textAt(condition, 'status') === 'True',
  );
  const observed = (numberAt(replicaSet, 'status', 'observedGeneration') ?? 0) >= (replicaSet.metadata.generation ?? 0);
  if (failing) return ['✖', 'Degraded'];
  if (!observed) return ['◌', 'Progressing'];
  if (wanted === 0) return ['•', 'ScaledDown'];
  return (numberAt(replicaSet, 'status', 'availableReplicas') ?? 0) < wanted ? ['◌', 'Progressing'] : ['✔', 'Healthy'];
}

function replicaSetNode(objects: Pick<RolloutObjects, 'pods'>, replicaSet: KubeObject, roles: readonly string[], now: Instant): Node {
  const [icon, status] = replicaSetStatus(replicaSet);
  const deadline = scaleDownDeadline(replicaSet);
  const delay = deadline === undefined ? [] : [`delay:${deadline > now ? formatAge(deadline - now) : 'passed'}`];
  const pods = objects.pods.filter((pod) => isOwnedBy(pod, replicaSet)).toSorted(byCreation);
  return {
    row: {
      name: `${KIND_ICONS.ReplicaSet} ${replicaSet.metadata.name}`,
      kind: 'ReplicaSet',
      icon,
      status,
      age: ageOf(replicaSet, now),
      info: [...roles, ...delay],
    },
    children: pods.map((pod) => podNode(pod, now)),
  };
}

function analysisRunNode(run: KubeObject, now: Instant): Node {
  const phase = textAt(run, 'status', 'phase') ?? 'Pending';
  const sums = (['successful', 'failed', 'inconclusive', 'error'] as const).map((field) =>
    listAt(run, 'status', 'metricResults').reduce<number>((sum, result) => sum + (numberAt(result, field) ?? 0), 0),
  );
  const info = ['✔', '✖', '?', '⚠'].flatMap((icon, index) => ((sums[index] ?? 0) > 0 ? [`${icon} ${sums[index]}`] : []));
  return {
    row: {
      name: `${KIND_ICONS.AnalysisRun} ${run.metadata.name}`,
      kind: 'AnalysisRun',
      icon: RUN_ICONS[phase] ?? '?',
      status: phase,
      age: ageOf(run, now),
      info,
    },
    children: jobNodes(run, now),
  };
}

/** Of measurements that are jobs; the others have no object of their own. */
function jobNodes(run: KubeObject, now: Instant): readonly Node[] {
  const measurements = listAt(run, 'status', 'metricResults').flatMap((result) => listAt(result, 'measurements'));
  return measurements.flatMap((each): Node[] => {
    const name = textAt(each, 'metadata', 'job-name');
    if (name === undefined) return [];
    const phase = textAt(each, 'phase') ?? 'Pending';
    const age = formatAge(now - (timeAt(each, 'startedAt') ?? now));
    return [{ row: { name: `${KIND_ICONS.Job} ${name}`, kind: 'Job', icon: RUN_ICONS[phase] ?? '?', status: phase, age, info: [] }, children: [] }];
  });
}

function byCreation(a: KubeObject, b: KubeObject): number {
  const order = (timeAt(a, 'metadata', 'creationTimestamp') ?? 0) - (timeAt(b, 'metadata', 'creationTimestamp') ?? 0);
  return order === 0 ? a.metadata.name.localeCompare(b.metadata.name) : order;
}

/** An experiment with what it has brought out and measured. */
export function experimentNode(objects: Omit<RolloutObjects, 'rollout'>, experiment: KubeObject, now: Instant): Node {
  const phase = textAt(experiment, 'status', 'phase') ?? 'Pending';
  const own = (list: readonly KubeObject[]): readonly KubeObject[] => list.filter((object) => isOwnedBy(object, experiment));
  const sets = own(objects.replicaSets).toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name));
  return {
    row: {
      name: `${KIND_ICONS.Experiment} ${experiment.metadata.name}`,
      kind: 'Experiment',
      icon: RUN_ICONS[phase] ?? '?',
      status: phase,
      age: ageOf(experiment, now),
      info: [],
    },
    children: [
      ...sets.map((set) => replicaSetNode(objects, set, [], now)),
      ...own(objects.analysisRuns)
        .toSorted(byCreation)
        .map((run) => analysisRunNode(run, now)),
    ],
  };
}

function treeOf(objects: RolloutObjects, now: Instant): Node {
  const { rollout } = objects;
  const { phase } = readPhase(rollout);
  const replicaSets = objects.replicaSets
    .filter((replicaSet) => isOwnedBy(replicaSet, rollout))
    .toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name));
  const runs = objects.analysisRuns.filter((run) => isOwnedBy(run, rollout)).toSorted(byCreation);
  const experiments = (objects.experiments ?? []).filter((experiment) => isOwnedBy(experiment, rollout)).toSorted(byCreation);
  const revisions = [...new Set([...replicaSets, ...experiments, ...runs].map(revisionOf))].toSorted((a, b) => b - a);
  return {
    row: {
      name: `${KIND_ICONS.Rollout} ${rollout.metadata.name}`,
      kind: 'Rollout',
      icon: PHASE_ICONS[phase] ?? '?',
      status: phase,
      age: ageOf(rollout, now),
      info: [],
    },
    children: revisions.map((revision) => ({
      row: { name: `${KIND_ICONS.revision} revision:${revision}`, kind: '', icon: '', status: '', age: '', info: [] },
      children: [
        ...replicaSets.filter((replicaSet) => revisionOf(replicaSet) === revision).map((set) => replicaSetNode(objects, set, rolesOf(rollout, set), now)),
        ...experiments.filter((experiment) => revisionOf(experiment) === revision).map((experiment) => experimentNode(objects, experiment, now)),
        ...runs.filter((run) => revisionOf(run) === revision).map((run) => analysisRunNode(run, now)),
      ],
    })),
  };
}

function flatten(node: Node, own: string, below: string): { readonly prefix: string; readonly row: Row }[] {
  return [
    { prefix: own, row: node.row },
    ...node.children.flatMap((child, index) =>
      index === node.children.length - 1 ? flatten(child, `${below}└──`, `${below}   `) : flatten(child, `${below}├──`, `${below}│  `),
    ),
  ];
}

const COLUMN_GAP = 2;

/** Columns as wide as their longest cell and a gap; all but the last are padded, empty ones too. */
function tableText(rows: readonly (readonly string[])[], paintCell: (text: string, row: number, column: number) => string): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)) + COLUMN_GAP);
  return rows
    .map((row, y) => row.map((cell, x) => paintCell(cell, y, x) + (x === row.length - 1 ? '' : ' '.repeat((widths[x] ?? 0) - [...cell].length))).join(''))
    .join('\n');
}

/** A heading, and one line for each node. */
export function treeText(root: Node, paint: Paint): string {
  const lines = flatten(root, '', '');
  const cells = lines.map(({ prefix, row }) => [
    `${prefix}${row.name}`,
    row.kind,
    row.icon === '' ? '' : `${row.icon} ${row.status}`,
    row.age,
    row.info.join(','),
  ]);
  return tableText([['NAME', 'KIND', 'STATUS', 'AGE', 'INFO'], ...cells], (text, y, x) => {
    const row = lines[y - 1]?.row;
    if (row === undefined) return text;
    if (x === 2 && row.icon !== '') return `${paint(row.icon, ICON_COLOURS[row.icon])} ${row.status}`;
    return x === 4 ? row.info.map((word) => paint(word, WORD_COLOURS[word] ?? ICON_COLOURS[word.charAt(0)])).join(',') : text;
  });
}

/** What the pods of a ReplicaSet are called beside their image: its parts in the rollout, or the template of its experiment. */
type Tagged = { readonly set: KubeObject; readonly tags: readonly string[] };

const TEMPLATE_NAME = 'experiment.argoproj.io/template-name';

/** The ReplicaSets of an experiment, named by its templates. */
export function experimentSets(replicaSets: readonly KubeObject[], experiment: KubeObject): readonly Tagged[] {
  return replicaSets
    .filter((set) => isOwnedBy(set, experiment))
    .map((set) => ({ set, tags: [`${KIND_ICONS.Experiment}:${set.metadata.annotations?.[TEMPLATE_NAME] ?? ''}`] }));
}

/** "image (tag, tag)" for every image that has pods. */
export function imageLines(sets: readonly Tagged[], paint: Paint): string[] {
  const known = new Map<string, Set<string>>();
  for (const { set, tags } of sets.filter((tagged) => (numberAt(tagged.set, 'status', 'replicas') ?? 0) > 0)) {
    for (const container of listAt(set, 'spec', 'template', 'spec', 'containers')) {
      const image = textAt(container, 'image') ?? '';
      known.set(image, new Set([...(known.get(image) ?? []), ...tags]));
    }
  }
  return [...known]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([image, tags]) => {
      const words = [...tags].toSorted((a, b) => a.localeCompare(b)).map((tag) => paint(tag, WORD_COLOURS[tag]));
      return words.length === 0 ? image : `${image} (${words.join(', ')})`;
    });
}

function taggedSets({ rollout, replicaSets, experiments = [] }: RolloutObjects): readonly Tagged[] {
  const own = replicaSets.filter((set) => isOwnedBy(set, rollout)).map((set) => ({ set, tags: rolesOf(rollout, set) }));
  return [...own, ...experiments.filter((experiment) => isOwnedBy(experiment, rollout)).flatMap((experiment) => experimentSets(replicaSets, experiment))];
}

const HEAD_WIDTH = 17;

export const head = (label: string, value: string | number): string => `${label.padEnd(HEAD_WIDTH)}${value}`;

/** The whole answer, without a newline at its end. */
export function rolloutText(objects: RolloutObjects, now: Instant, paint: Paint): string {
  const { rollout } = objects;
  const figures = figuresOf(rollout, objects.replicaSets);
  const { phase, message } = readPhase(rollout);
  const icon = PHASE_ICONS[phase] ?? '?';
  const lines = [
    head('Name:', rollout.metadata.name),
    head('Namespace:', rollout.metadata.namespace ?? ''),
    head('Status:', `${paint(icon, ICON_COLOURS[icon])} ${phase}`),
    ...(message === '' ? [] : [head('Message:', message)]),
    head('Strategy:', figures.strategy === 'unknown' ? '' : figures.strategy),
  ];
  if (figures.strategy === 'Canary') {
    lines.push(
      head('  Step:', figures.stepCount === 0 ? '' : `${figures.stepIndex ?? 0}/${figures.stepCount}`),
      head('  SetWeight:', figures.setWeight),
      head('  ActualWeight:', figures.actualWeight),
    );
  }
  imageLines(taggedSets(objects), paint).forEach((image, index) => lines.push(head(index === 0 ? 'Images:' : '', image)));
  lines.push(
    'Replicas:',
    head('  Desired:', figures.desired),
    head('  Current:', figures.current),
    head('  Updated:', figures.updated),
    head('  Ready:', figures.ready),
    head('  Available:', figures.available),
  );
  return `${lines.join('\n')}\n\n${treeText(treeOf(objects, now), paint)}`;
}
