// All rollouts for the next shift: what waits for a person first, then what fails, what moves, what was done lately and by whom, and how many
// rest. Markdown that reads well as plain text; no escape codes.

import type { Connection } from '../kinds/snapshot.js';
import { formatTime, type Instant } from '../lib/instant.js';
import { sanitise } from '../lib/text-width.js';
import { watchedText } from './cluster-words.js';
import type { RolloutFacts } from './facts.js';
import { labelOf } from './model.js';
import { stateWord } from './mood.js';
import { ownerText, WAITING_WORDS } from './owner.js';
import { describeNow } from './proposal.js';
import { explain, timeLeftMs } from './reason.js';
import { newestOfEach, type Recent, recentOf, type Share } from './recent.js';
import { serverNow } from './server-now.js';
import { type Seen, sightOf } from './sight.js';
import { driverWords } from './snapshot-text.js';
import { ageText, leftText } from './time-words.js';

export type HandoverSight = Seen & {
  /** Which rollouts are meant: "all rollouts", "namespace shop". */
  readonly of: string;
  /** Clusters that could not be read, and why. */
  readonly unread: readonly { readonly cluster: string; readonly reason: string }[];
};

/** Rollouts that are written one by one; of more the rest is a number. */
const MOST_WAITING = 100;
const MOST_MOVING = 50;

/** What is told of what was done lately. */
const MOST_DONE: Readonly<Record<Share, number>> = { act: 30, failure: 20, milestone: 20 };

function ageWords(connection: Connection, now: Instant): string {
  if (connection.type === 'live') return `data ${ageText(connection.lastSignalAt, now)} old`;
  if (connection.type === 'connecting') return 'data: NOTHING READ YET';
  const { lastSignalAt, reason } = connection;
  return lastSignalAt === undefined
    ? `data: NOTHING READ (${reason})`
    : `data: NOT FRESH, as of ${formatTime(lastSignalAt)}, ${ageText(lastSignalAt, now)} old (${reason})`;
}

function clusterLines({ clusters, now, unread }: HandoverSight): readonly string[] {
  return [
    ...[...clusters].map(([cluster, { snapshot }]) => {
      const parts = [ageWords(snapshot.connection, now), `driven by: ${driverWords(snapshot.driver)}`, watchedText(snapshot)];
      return `- context ${cluster}: ${parts.filter((part) => part !== '').join('; ')}`;
    }),
    ...unread.map(({ cluster, reason }) => `- context ${cluster}: NOT READ (${reason})`),
  ];
}

const withOwner = (facts: RolloutFacts): string => (ownerText(facts) === '' ? '' : `, owner ${ownerText(facts)}`);

const actWords = ({ at, actor, what }: Recent): string => `${formatTime(at)} ${actor}: ${what}`;

/** What a person did last on it is the first that the next one asks. */
function whyLines(sight: HandoverSight, facts: RolloutFacts, recent: readonly Recent[]): readonly string[] {
  const seen = sightOf({ ...sight, utcOffsetMinutes: 0 }, facts);
  const { sentence, next } = explain(seen);
  const act = recent.find(({ key, person }) => person && key === facts.key);
  return [
    `  - state: ${describeNow(seen)}`,
    `  - why: ${sentence}${next === '' ? '' : `. ${next}`}`,
    ...(act === undefined ? [] : [`  - last act: ${actWords(act)}`]),
  ];
}

function waitingLines(sight: HandoverSight, facts: RolloutFacts, recent: readonly Recent[]): readonly string[] {
  const since = facts.waiting?.since;
  const word = facts.waiting === undefined ? '' : WAITING_WORDS[facts.waiting.why];
  const age = since === undefined ? '' : ` for ${ageText(since, serverNow(sight, facts.cluster))}, since ${formatTime(since)}`;
  return [`- ${labelOf(sight, facts.key)}: ${word}${age}${withOwner(facts)}`, ...whyLines(sight, facts, recent)];
}

function movingLines(sight: HandoverSight, facts: RolloutFacts, recent: readonly Recent[]): readonly string[] {
  const leftMs = timeLeftMs(facts, serverNow(sight, facts.cluster));
  const left = leftMs === undefined ? '' : `, ${leftText(leftMs)} of pauses left`;
  return [`- ${labelOf(sight, facts.key)}: ${stateWord(facts)}${left}${withOwner(facts)}`, ...whyLines(sight, facts, recent)];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `### ${title}`, ...lines];
}

/** The first of them in full, and how many more there are. */
function firstOf(all: readonly RolloutFacts[], most: number, write: (facts: RolloutFacts) => readonly string[]): readonly string[] {
  return [...all.slice(0, most).flatMap(write), ...(all.length > most ? [`- and ${all.length - most} more`] : [])];
}

/** As the screen `recent` shows them. */
function doneLines(sight: HandoverSight, recent: readonly Recent[]): readonly string[] {
  const kept = newestOfEach(recent, (each) => each, MOST_DONE);
  const told = kept.map((each) => `- ${formatTime(each.at)} ${labelOf(sight, each.key)}, ${each.actor}: ${each.what}`);
  return told.length > 0 ? told : ['- nothing is remembered: servers keep events for an hour only'];
}

export function handoverText(sight: HandoverSight): string {
  const { board, now, of } = sight;
  const { waiting } = board;
  const others = board.all.filter((facts) => facts.waiting === undefined && (facts.failing || facts.phase !== 'Healthy'));
  const failing = others.filter((facts) => facts.failing);
  const moving = others.filter((facts) => !facts.failing);
  const restCount = board.all.length - waiting.length - others.length;
  const recent = recentOf(sight.clusters);
  const lines = [
    `## Hand-over: ${of}, ${formatTime(now)}`,
    ...clusterLines(sight),
    `- ${waiting.length} of ${board.all.length} wait for a person, ${failing.length === 0 ? '' : `${failing.length} failing, `}${moving.length} move`,
    ...section(
      `Wait for a person, the longest first (${waiting.length})`,
      firstOf(waiting, MOST_WAITING, (facts) => waitingLines(sight, facts, recent)),
    ),
    ...section(
      `Failing: to be looked at before they are aborted (${failing.length})`,
      firstOf(failing, MOST_MOVING, (facts) => movingLines(sight, facts, recent)),
    ),
    ...section(
      `Move by themselves (${moving.length})`,
      firstOf(moving, MOST_MOVING, (facts) => movingLines(sight, facts, recent)),
    ),
    ...section('Done lately, the newest first (UTC)', doneLines(sight, recent)),
    ...section('At rest', [`- ${restCount} healthy`]),
  ];
  return `${lines.map(sanitise).join('\n')}\n`;
}
