// The screen `logs`: what containers write, as it comes: those of canary and stable pods, of one pod, or of the jobs of an analysis.

import { HASH_LABEL } from '../../kinds/labels.js';
import { type ClusterIndex, indexOf, setsOf, currentRuns } from '../board.js';
import type { StyledLine } from '../frame.js';
import { type Model, snapshotOf } from '../model.js';
import type { LogSource } from '../need.js';
import type { Page } from '../page.js';
import type { PageScreen } from '../page-screen.js';
import { listAt, textAt } from '../../lib/read.js';
import { readKey } from '../rollout-key.js';
import { cell, lineText, span } from '../spans.js';
import type { StyleName } from '../style.js';
import { clockText } from '../time-words.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { parseTime } from '../../lib/instant.js';
import { findObject } from '../find-object.js';
import { subjectWords } from './events.js';

/** Streams at once: beyond it a person reads nothing any more, and the server is asked for no more. */
const MOST_STREAMS = 20;

/** Pods of job metrics carry the name of their job. */
const JOB_NAME = 'job-name';

type Source = { readonly pod: KubeObject; readonly side: 'canary' | 'stable' | 'job' | 'other' };

const podsOf = (index: ClusterIndex, set: KubeObject): readonly KubeObject[] => index.podsOf.get(set.metadata.uid ?? '') ?? [];

function jobNames(run: KubeObject): ReadonlySet<string> {
  const measurements = listAt(run, 'status', 'metricResults').flatMap((result) => listAt(result, 'measurements'));
  return new Set(measurements.map((each) => textAt(each, 'metadata', 'job-name') ?? '').filter((name) => name !== ''));
}

/** Pods of the jobs that a run has started, where it runs. */
function jobPods(model: Model, cluster: string, run: KubeObject): readonly Source[] {
  const names = jobNames(run);
  if (names.size === 0) return [];
  const pods = snapshotOf(model, cluster)?.pods ?? [];
  const jobOf = ({ metadata }: KubeObject): string => metadata.labels?.[JOB_NAME] ?? metadata.labels?.[`batch.kubernetes.io/${JOB_NAME}`] ?? '';
  return pods.filter((pod) => pod.metadata.namespace === run.metadata.namespace && names.has(jobOf(pod))).map((pod) => ({ pod, side: 'job' }));
}

function sourcesOf(model: Model, page: Page): readonly Source[] {
  const { key } = page;
  const object = findObject(model, page);
  const facts = model.board.byKey.get(key);
  if (object === undefined || facts === undefined) return [];
  const index = indexOf(model.board, facts);
  const sets = setsOf(index, facts);
  const sideOf = (set: KubeObject | undefined): Source['side'] => {
    const hash = set?.metadata.labels?.[HASH_LABEL];
    if (hash !== undefined && hash === facts.stableHash) return 'stable';
    return hash !== undefined && hash === facts.canaryHash ? 'canary' : 'other';
  };
  if (object.kind === 'Pod') {
    const owner = sets.find((set) => object.metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid) === true);
    return [{ pod: object, side: sideOf(owner) }];
  }
  if (object.kind === 'AnalysisRun') {
    return jobPods(model, facts.cluster, object);
  }
  const wanted = object.kind === 'ReplicaSet' ? sets.filter(({ metadata }) => metadata.uid === object.metadata.uid) : sets;
  // The canary first: when there are too many, its own are the ones to read.
  const ordered = wanted.toSorted((a, b) => Number(sideOf(b) === 'canary') - Number(sideOf(a) === 'canary'));
  const own = ordered.flatMap((set) => podsOf(index, set).map((pod): Source => ({ pod, side: sideOf(set) })));
  return object.kind === 'Rollout' ? [...own, ...currentRuns(index, facts).flatMap((run) => jobPods(model, facts.cluster, run))] : own;
}

/** A container that has not started has written nothing; asking would only bring an error. */
function startedContainers(pod: KubeObject): readonly string[] {
  return (['initContainerStatuses', 'containerStatuses'] as const)
    .flatMap((field) => listAt(pod, 'status', field))
    .filter((status) => textAt(status, 'containerID') !== undefined)
    .map((status) => textAt(status, 'name') ?? '');
}

const SIDE_STYLES: Readonly<Record<Source['side'], StyleName>> = { canary: 'canary', stable: 'stable', job: 'progress', other: 'muted' };

const TAG = 14;

/** Narrower screens leave the date out of a line of the last hours, so that its end is seen. */
const DATED_COLUMNS = 120;
const LAST_HOURS_MS = 12 * 3_600_000;

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]\d+)?Z\s+/;

/** Clocks on one screen go alike: the person's. */
function shortTime(model: Model, text: string): string {
  const [whole, day, time] = TIME.exec(text) ?? [];
  const at = whole === undefined || model.size.columns >= DATED_COLUMNS ? undefined : parseTime(`${day}T${time}Z`);
  if (whole === undefined || at === undefined || Math.abs(model.now - at) > LAST_HOURS_MS) return text;
  return `${clockText(at, model.utcOffsetMinutes)} ${text.slice(whole.length)}`;
}

/** The end of a pod's name tells it from the others; the side tells whose it is. */
const tagOf = (source: Source | undefined, pod: string): string => `${source?.side ?? 'gone'} ${pod.slice(pod.lastIndexOf('-') + 1)}`;

export function logSources(model: Model, page: Page): readonly LogSource[] {
  const { cluster } = readKey(page.key);
  return sourcesOf(model, page)
    .flatMap(({ pod }) => startedContainers(pod).map((container) => ({ cluster, namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name, container })))
    .slice(0, MOST_STREAMS);
}

export const logsScreen: PageScreen = {
  id: 'logs',
  word: 'logs',
  form: 'stream',
  about: ['Pod', 'ReplicaSet', 'AnalysisRun'],
  contents(model, page) {
    const sources = sourcesOf(model, page);
    const byName = new Map(sources.map((source) => [source.pod.metadata.name, source]));
    const started = sources.filter(({ pod }) => startedContainers(pod).length > 0).length;
    const several = sources.length > 1;
    const lines = model.log.lines.map(({ sequence, pod, container, text }) => {
      const source = byName.get(pod);
      const containers = source === undefined ? 1 : startedContainers(source.pod).length;
      const tag: StyledLine = several ? [cell(tagOf(source, pod), TAG, SIDE_STYLES[source?.side ?? 'other']), span(' ')] : [];
      const lead = [...tag, ...(containers > 1 ? [span(`${container} `, 'muted')] : [])];
      const style: StyleName = /\b(error|fatal|panic|exception)\b|level=error|status=5\d\d/i.test(text) ? 'bad' : 'text';
      return { id: String(sequence), lead, line: [span(shortTime(model, text), style)], text: () => `${lineText(lead)}${text}` };
    });
    return {
      title: `Log of ${subjectWords(page.subject)}`,
      note: `${started} of ${sources.length} pods write${page.follow ? '' : ', held here'}`,
      empty: sources.length === 0 ? 'there is no pod' : started === 0 ? 'no container has started yet' : 'nothing has been written yet',
      lines,
    };
  },
  needs: (model, page) => logSources(model, page).map((source) => ({ type: 'log', ...source })),
};
