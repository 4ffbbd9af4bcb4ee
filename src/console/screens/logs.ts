// The screen `logs`: what containers write, as it comes: those of canary and stable pods, of one pod, or of the jobs of an analysis.

import { HASH_LABEL } from '../../kinds/labels.js';
import { type ClusterIndex, currentRuns, eventTime, indexOf, setsOf } from '../board.js';
import type { StyledLine } from '../frame.js';
import { type Model, snapshotOf } from '../model.js';
import { keyText } from '../keymap.js';
import type { LogLine, LogSource } from '../need.js';
import type { Page } from '../page.js';
import type { PageLine, PageScreen } from '../page-screen.js';
import { listAt, textAt } from '../../lib/read.js';
import { readKey, type RolloutPlace } from '../rollout-key.js';
import { cell, lineText, span } from '../spans.js';
import type { StyleName } from '../style.js';
import { clockText } from '../time-words.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { type Instant, parseTime } from '../../lib/instant.js';
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
const tailOf = (pod: string): string => pod.slice(pod.lastIndexOf('-') + 1);
const tagOf = (side: Source['side'] | 'gone', pod: string): string => `${side} ${tailOf(pod)}`;

/** Events that tell of a pod's end: its own, or of the ReplicaSet that took it away. */
const ENDS: ReadonlySet<string> = new Set(['Killing', 'Evicted', 'Preempted', 'TaintManagerEviction', 'SuccessfulDelete']);

/** ", Killing at 12:04:31"; what is remembered of how a pod went. */
function wentWords(model: Model, { cluster, namespace }: RolloutPlace, pod: string, last: Instant | undefined): string {
  const end = (snapshotOf(model, cluster)?.events ?? []).findLast((event) => {
    const about = (field: string): string => textAt(event, 'involvedObject', field) ?? '';
    if (about('namespace') !== namespace || !ENDS.has(textAt(event, 'reason') ?? '')) return false;
    return (about('kind') === 'Pod' && about('name') === pod) || (textAt(event, 'message') ?? '').endsWith(`: ${pod}`);
  });
  const at = (instant: Instant): string => clockText(instant, model.utcOffsetMinutes);
  if (end !== undefined) return `, ${textAt(end, 'reason') ?? ''} at ${at(eventTime(end))}`;
  return last === undefined ? '' : `; it wrote last at ${at(last)}`;
}

/** After the last line of each pod that is there no more: what became of it, and which keys lead to those that are. */
function goneLines(model: Model, page: Page, pod: string, last: Instant | undefined): readonly PageLine[] {
  const key = (action: 'back' | 'show.logs' | 'show.events'): string => keyText(model.keymap, action, model.glyphs.ascii) ?? action;
  const { back, logs, events } = { back: key('back'), logs: key('show.logs'), events: key('show.events') };
  const others =
    page.subject.kind === 'Rollout'
      ? `the others write on here; why it went: ${back}, then ${events}`
      : `the pods of now: ${back}, then ${logs} on the rollout`;
  const line = (id: string, text: string): PageLine => ({ id: `${id} ${pod}`, line: [span(`${model.glyphs.warning} ${text}`, 'attention')] });
  const went = wentWords(model, readKey(page.key), pod, last);
  return [line('gone', `pod ${tailOf(pod)} is gone${went}: these were its last lines`), line('others', others)];
}

/** Pods that have written here and are there no more, each with its last line. */
function lastOfGone({ log }: Model, there: ReadonlyMap<string, Source>): ReadonlyMap<string, LogLine> {
  const gone = new Map<string, LogLine>();
  for (const line of log.lines) if (!there.has(line.pod)) gone.set(line.pod, line);
  return gone;
}

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
    const gone = lastOfGone(model, byName);
    const several = sources.length + gone.size > 1;
    const lines = model.log.lines.flatMap((each): readonly PageLine[] => {
      const { sequence, pod, container, text, at } = each;
      const source = byName.get(pod);
      const containers = source === undefined ? 1 : startedContainers(source.pod).length;
      const tag: StyledLine = several ? [cell(tagOf(source?.side ?? 'gone', pod), TAG, SIDE_STYLES[source?.side ?? 'other']), span(' ')] : [];
      const lead = [...tag, ...(containers > 1 ? [span(`${container} `, 'muted')] : [])];
      const style: StyleName = /\b(error|fatal|panic|exception)\b|level=error|status=5\d\d/i.test(text) ? 'bad' : 'text';
      const line = { id: String(sequence), lead, line: [span(shortTime(model, text), style)], text: () => `${lineText(lead)}${text}` };
      return gone.get(pod) === each ? [line, ...goneLines(model, page, pod, at)] : [line];
    });
    return {
      title: `Log of ${subjectWords(page.subject)}`,
      note: `${started} of ${sources.length} pods write${gone.size === 0 ? '' : `, ${gone.size} gone`}${page.follow ? '' : ', held here'}`,
      empty: sources.length === 0 ? 'there is no pod' : started === 0 ? 'no container has started yet' : 'nothing has been written yet',
      lines,
    };
  },
  needs: (model, page) => logSources(model, page).map((source) => ({ type: 'log', ...source })),
};
