// Where a play differs from its recording. What the recordings mark as chance is let pass, and so is what only shows
// how often something was looked at: flips to and fro, counts in between, texts of passing moments.

import { parse } from 'yaml';
import { sortedJson } from './lanes.js';
import type { Played } from './lanes.js';
import { cleaned, list, record } from './reduce.js';
import type { Trace, TraceEvent } from './trace.js';

export type Finding = { readonly found: 'final' | 'checkpoint' | 'outside' | 'lane' | 'event' | 'hash' | 'stuck'; readonly path: string; readonly expected: unknown; readonly got: unknown };

const SERVER_DEFAULTS = new Set(('terminationMessagePath terminationMessagePolicy imagePullPolicy dnsPolicy restartPolicy schedulerName protocol terminationGracePeriodSeconds '
  + 'sessionAffinity type internalTrafficPolicy ipFamilies ipFamilyPolicy fullyLabeledReplicas').split(' '));
const PASSING = new Set(['more replicas need to be updated', 'updated replicas are still becoming available', 'old replicas are pending termination', 'active service cutover pending', 'waiting for all steps to complete']);
const STRICT = new Set(['.route', '.weights', '.selector', '.spec']);
/** May be passed unseen. */
const BETWEEN = /transitioned from \w* -> (Running|Pending)|Status New: '(Running|Pending)'|"status": "(|Running|Pending)"/;
const VARIES = /(?<=transitioned from )\w*(?= -> )|(?<=Previous: ')\w*|\b\d{12,}\b/g;
const TALLY = /status\.metricResults\[\d+\]\.(count|successful|failed|inconclusive|error|consecutive\w+|measurements)\b/;
const COUNTED = /\.(available|counts\.\w+|deadlineIn)$/;

type Difference = readonly [path: string, expected: unknown, got: unknown];

const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNothing = (value: unknown): boolean => value === undefined || value === null;

function differences(wanted: unknown, got: unknown, path = ''): readonly Difference[] {
  if ((isMap(wanted) && (isNothing(got) || isMap(got))) || (isNothing(wanted) && isMap(got))) {
    const left = record(wanted);
    const right = record(got);
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].sort().flatMap((key) => differences(left[key], right[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(wanted) && Array.isArray(got) && wanted.length === got.length) return wanted.flatMap((item, index) => differences(item, got[index], `${path}[${index}]`));
  return sortedJson(wanted) === sortedJson(got) ? [] : [[path, wanted ?? null, got ?? null]];
}

const under = (path: string, racy: readonly string[]): boolean => racy.some((prefix) => path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`));

/** A B A B A B → A B: how often a value flips to and fro has no meaning. */
function collapse(values: readonly string[]): readonly string[] {
  const result: string[] = [];
  for (const value of values) {
    result.push(value);
    const { length } = result;
    if (length >= 4 && result[length - 4] === result[length - 2] && result[length - 3] === result[length - 1]) result.splice(-2);
  }
  return result;
}

/** The first of `needed` that does not follow in `have`, in order. */
function lacking(needed: readonly string[], have: readonly string[]): string | undefined {
  let from = 0;
  for (const value of needed) {
    const at = have.indexOf(value, from);
    if (at === -1) return value;
    from = at + 1;
  }
  return undefined;
}

export function compare(trace: Trace, got: Played, complete: boolean): readonly Finding[] {
  return [...(complete ? compareFinal(trace, got) : []), ...compareCheckpoints(trace, got), ...compareLanes(trace, got), ...compareEvents(trace, got), ...compareHashes(trace, got)];
}

function compareFinal(trace: Trace, got: Played): readonly Finding[] {
  const findings: Finding[] = [];
  for (const key of [...new Set([...Object.keys(trace.final), ...got.final.keys()])].sort()) {
    const racy = trace.racyFinal[key] ?? [];
    const text = trace.final[key];
    const have = got.final.get(key);
    if (text === undefined || have === undefined) {
      if (racy.length === 0) findings.push({ found: 'final', path: key, expected: text === undefined ? null : 'present', got: have === undefined ? null : 'present' });
      continue;
    }
    const fine = ([path, , value]: Difference): boolean =>
      under(path, racy) || (value === null && SERVER_DEFAULTS.has(path.slice(path.lastIndexOf('.') + 1))) || (trace.stopped.includes(key) && TALLY.test(path));
    const wanted = cleaned(parse(text));
    const all = have.map((object) => differences(wanted, cleaned(object)).filter((difference) => !fine(difference))).sort((a, b) => a.length - b.length);
    for (const [path, expected, value] of all[0] ?? []) findings.push({ found: 'final', path: `${key} ${path}`, expected, got: value });
  }
  return findings;
}

function compareCheckpoints(trace: Trace, got: Played): readonly Finding[] {
  const mine = new Map(got.checkpoints.map(({ at, state }) => [at, state]));
  const hasty = new Set(trace.actions.flatMap(({ when }, index) => ((when.quiet ?? 1.5) < 1 ? [`before action ${index + 1}`] : [])));
  return trace.checkpoints.flatMap(({ at, state, racy = [] }): readonly Finding[] => {
    const have = mine.get(at);
    if (have === undefined || racy.includes('<absent>')) return [];
    return differences(cleaned(state), cleaned(have))
      .filter(([path]) => !under(path, racy) && !(hasty.has(at) && COUNTED.test(path)))
      .map(([path, expected, value]) => ({ found: 'checkpoint', path: `${at}: ${path}`, expected, got: value }));
  });
}

const passing = (value: string): boolean => value.startsWith('[') && PASSING.has(String((JSON.parse(value) as readonly unknown[])[1]));

/** Some templates of an experiment have their pods and others do not yet: which ones were first is chance. */
const halfway = (value: string): boolean => value.includes('"Progressing"') && value.includes('"Running"');

/** What must be there of a recorded lane. */
function neededOf(trace: Trace, lane: string, recorded: readonly string[]): readonly string[] {
  const suffix = lane.slice(lane.lastIndexOf('.'));
  const drop = trace.racyLanes[lane] ?? [];
  let needed: readonly string[] = recorded.filter((_, index) => !drop.includes(index));
  if (suffix === '.analysis') needed = needed.filter((value) => !BETWEEN.test(value));
  if (suffix === '.selector' || lane.includes('.condition.')) needed = collapse(needed);
  if (suffix === '.templates') needed = needed.filter((value) => !halfway(value));
  if (suffix === '.phase' && lane.startsWith('Rollout/')) needed = needed.filter((value) => !passing(value));
  const stopped = suffix === '.results' && trace.stopped.includes(lane.slice(0, lane.lastIndexOf('.')));
  return suffix === '.phase' || stopped ? needed.filter((value, index) => value !== needed[index - 1]) : needed;
}

function compareLanes(trace: Trace, got: Played): readonly Finding[] {
  const findings: Finding[] = [];
  for (const lane of new Set([...Object.keys(trace.lanes), ...got.lanes.keys()])) {
    const suffix = lane.slice(lane.lastIndexOf('.'));
    const found = STRICT.has(suffix) ? 'outside' : 'lane';
    const stopped = suffix === '.results' && trace.stopped.includes(lane.slice(0, lane.lastIndexOf('.')));
    const shape = (value: unknown): unknown => (stopped && typeof value !== 'string' ? list(value).map(record).map((metric) => [metric['name'], metric['phase']]) : value);
    const form = (values: readonly unknown[]): readonly string[] => values.map((value) => sortedJson(shape(value)));
    const runs = trace.lanesOtherRuns[lane] ?? [];
    const recorded = trace.lanes[lane];
    const mine = got.lanes.get(lane);
    if (recorded === undefined && runs.length === 0) {
      findings.push({ found, path: `${lane} exists`, expected: null, got: mine });
      continue;
    }
    if (mine === undefined) {
      if (!runs.includes(null)) findings.push({ found, path: `${lane} is missing`, expected: recorded, got: null });
      continue;
    }
    // Checkpoints and final objects hold the counts.
    if (suffix === '.counts') continue;
    const have = form(mine);
    const known = new Set([...form(recorded ?? []), ...runs.flatMap((run) => form(run ?? []))]);
    const missing = recorded === undefined ? undefined : lacking(neededOf(trace, lane, form(recorded)), have);
    if (missing !== undefined) findings.push({ found, path: `${lane} lacks a value`, expected: JSON.parse(missing), got: mine });
    for (const value of new Set(have)) if (!known.has(value) && !(suffix === '.phase' && passing(value)) && !(suffix === '.templates' && halfway(value))) findings.push({ found, path: `${lane} has a value never seen`, expected: null, got: JSON.parse(value) });
  }
  return findings;
}

const keyOf = ({ type, reason, message }: TraceEvent): string => JSON.stringify([type, reason, message.replaceAll('(combined from similar events): ', '').replace(VARIES, '*')]);

function compareEvents(trace: Trace, got: Played): readonly Finding[] {
  const findings: Finding[] = [];
  const objects = [...new Set([...trace.events, ...got.events].map(({ obj }) => obj))].sort();
  for (const object of objects) {
    const of = (events: readonly TraceEvent[]): readonly TraceEvent[] => events.filter(({ obj }) => obj === object);
    const emitted = of(trace.events).map(keyOf);
    const stored = new Set(of(trace.storedEvents).map(keyOf));
    const racy = new Set(of(trace.events).filter(({ racy: chance, message }) => chance === true || BETWEEN.test(message)).map(keyOf));
    const mine = [...new Set(of(got.events).map(keyOf))];
    const needed = [...new Set(emitted.filter((key) => stored.has(key) && !racy.has(key)))];
    for (const key of needed) if (!mine.includes(key)) findings.push({ found: 'event', path: `${object} is missing`, expected: JSON.parse(key), got: null });
    const late = lacking(needed.filter((key) => mine.includes(key) && !key.includes('transitioned from')), mine);
    if (late !== undefined) findings.push({ found: 'event', path: `${object} order`, expected: JSON.parse(late), got: mine.map((key) => JSON.parse(key) as unknown) });
    for (const key of mine) if (!emitted.includes(key) && !stored.has(key) && !BETWEEN.test(key.replaceAll('*', ''))) findings.push({ found: 'event', path: `${object} never seen`, expected: null, got: JSON.parse(key) });
  }
  return findings;
}

function compareHashes(trace: Trace, got: Played): readonly Finding[] {
  return Object.entries(trace.hashes)
    .filter(([role, hash]) => !role.startsWith('<dep-') && got.hashes.get(role) !== hash)
    .map(([role, hash]) => ({ found: 'hash', path: role, expected: hash, got: got.hashes.get(role) ?? null }));
}
