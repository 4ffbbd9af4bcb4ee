// One rollout for others: a chat, a ticket, the next shift. Markdown that reads well as plain text; no escape codes, no
// glyphs that only a terminal with the right font has.

import { eventsAbout } from './history.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { HASH_LABEL } from '../kinds/labels.js';
import type { Driver } from '../kinds/snapshot.js';
import { formatTime, type Instant, parseTime } from '../lib/instant.js';
import { sanitise } from '../lib/text-width.js';
import { type ActSight } from './acts/act.js';
import { ACTS } from './acts/table.js';
import { RISKY_ACTIONS } from './actions.js';
import { type ClusterIndex, currentRuns, eventTime, revisionOf, setsOf } from './board.js';
import type { RolloutFacts } from './facts.js';
import { describeNow } from './proposal.js';
import { numberAt, textAt } from '../lib/read.js';
import { explain } from './reason.js';
import { nameOf } from './rollout-key.js';
import { readRealWeight } from './route-weight.js';
import { imageWords } from './tree.js';
import { readPersonAct } from './people.js';
import { formatNumber, latestValue, readSeries } from './metric-series.js';
import { limitText } from './reason-analysis.js';
import { ageText } from './time-words.js';
import { sidesOf } from './sides.js';

export type SnapshotSight = {
  readonly facts: RolloutFacts;
  readonly index: ClusterIndex;
  readonly driver: Driver;
  readonly events: readonly KubeObject[];
  readonly context: string;
  /** Whether it is what is, or only what was last seen. */
  readonly fresh: boolean;
  readonly now: Instant;
};

/** The newest events, oldest first; warnings have a share of their own, so that an incident is not pushed out by what follows it. */
const MOST_EVENTS = 15;

const MOST_REVISIONS = 5;

/** An engine's identity is its host and a number that only tells processes apart. */
export function driverWords(driver: Driver): string {
  if (driver.type === 'nobody' || driver.type === 'unknown') return `${driver.type} (${driver.reason})`;
  const host = driver.identity.replace(/_[0-9a-f-]{8,}$/, '');
  return driver.type === 'self' ? `${host} (this console)` : host;
}

function stateLines({ facts, index, driver, fresh, now }: SnapshotSight): string[] {
  const { sentence, next } = explain({ facts, index, driver, now, utcOffsetMinutes: 0 });
  return [
    `- state: ${describeNow({ facts, index })}`,
    `- why: ${sentence}${next === '' ? '' : `. ${next}`}`,
    `- driven by: ${driverWords(driver)}`,
    ...(fresh ? [] : ['- data: NOT FRESH']),
  ];
}

function trafficLines({ facts, index }: SnapshotSight): string[] {
  const { objects, problem } = readRealWeight(facts, index);
  if (problem !== undefined) return [`- route: ${problem}`];
  return objects.map(({ label, canary, stable }) => `- route: ${label} canary ${canary ?? '?'} stable ${stable ?? '?'}`);
}

function metricLines({ facts, index }: SnapshotSight): string[] {
  return readSeries(currentRuns(index, facts), sidesOf(facts)).map((series) => {
    const counts = [`${series.passed} passed`, `${series.failed} failed`, `${series.inconclusive} inconclusive`, `${series.errors} errors`];
    const value = latestValue(series);
    const limit = series.limit === undefined ? '' : `, wants ${limitText(series.limit, '>=', '<=')}`;
    const last = value === undefined ? '' : `; last ${formatNumber(value)}${limit}`;
    return `- ${series.name}: ${counts.filter((count) => !count.startsWith('0 ')).join(', ') || 'nothing measured yet'}${last}`;
  });
}

function revisionLine(set: KubeObject, facts: RolloutFacts, now: Instant): string {
  const hash = set.metadata.labels?.[HASH_LABEL] ?? '';
  const role = hash === facts.stableHash ? ' (stable)' : hash === facts.canaryHash ? ' (newest)' : '';
  const ready = `${numberAt(set, 'status', 'readyReplicas') ?? 0}/${numberAt(set, 'spec', 'replicas') ?? 0} ready`;
  return `- revision ${revisionOf(set)}${role}: ${imageWords(set)}, ${ready}, ${ageText(parseTime(set.metadata.creationTimestamp), now)} old`;
}

function timelineLines({ facts, events }: SnapshotSight): string[] {
  const own = events.filter((event) => textAt(event, 'involvedObject', 'uid') === facts.uid).toSorted((a, b) => eventTime(a) - eventTime(b));
  const kept = new Set([...own.filter((event) => event['type'] === 'Warning').slice(-MOST_EVENTS), ...own.slice(-MOST_EVENTS)]);
  return own
    .filter((event) => kept.has(event) && readPersonAct(event) === undefined)
    .map((event) => `- ${formatTime(eventTime(event))} ${textAt(event, 'reason') ?? ''}: ${textAt(event, 'message') ?? ''}`);
}

function peopleLines({ facts, events }: SnapshotSight): string[] {
  const acts = eventsAbout(facts, events).map(readPersonAct);
  return acts
    .filter((act) => act !== undefined)
    .toSorted((a, b) => a.at - b.at)
    .slice(-MOST_EVENTS)
    .map(({ at, who, what }) => `- ${formatTime(at)} ${who}: ${what}`);
}

/** What can be done now, in the order of the keys. */
function actLines({ facts, index, now, events }: SnapshotSight): string[] {
  const sight: ActSight = { facts, index, now, utcOffsetMinutes: 0, who: '', events: () => eventsAbout(facts, events) };
  return RISKY_ACTIONS.filter(
    (id) => ['rollout.promote', 'rollout.abort', 'rollout.retry', 'rollout.rollback'].includes(id) && ACTS[id].refuse(sight) === undefined,
  ).map((id) => `- ${ACTS[id].verb.toLowerCase()}: ${ACTS[id].tell(sight, ACTS[id].settled?.(sight) ?? {}).effectWords}`);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `### ${title}`, ...lines];
}

export function snapshotText(sight: SnapshotSight): string {
  const { facts, index, context, now } = sight;
  const revisions = setsOf(index, facts).slice(0, MOST_REVISIONS);
  const lines = [
    `## ${nameOf(facts.key)} on ${context}, ${formatTime(now)}`,
    ...stateLines(sight),
    ...trafficLines(sight),
    ...section('Numbers', metricLines(sight)),
    ...section(
      'Revisions',
      revisions.map((set) => revisionLine(set, facts, now)),
    ),
    ...section('What people did (UTC)', peopleLines(sight)),
    ...section('Timeline (UTC)', timelineLines(sight)),
    ...section('What can be done now', actLines(sight)),
  ];
  return `${lines.map(sanitise).join('\n')}\n`;
}

/** The same as plain text: headings as lines of their own. */
export function withoutMarks(text: string): string {
  return text.replaceAll(/^#+ (.*)$/gm, '$1');
}
