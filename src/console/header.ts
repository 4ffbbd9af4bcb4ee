// The first line of every screen: which cluster, who drives it, how fast it answers, what time it is, and whether the data is live;
// of several, how many.

import type { Snapshot } from '../kinds/snapshot.js';
import { bannerOf, driverText, latencyText, skewText } from './cluster-words.js';
import { oldText, staleText } from './freshness.js';
import type { StyledLine } from './frame.js';
import { keyText } from './keymap.js';
import { contextOf, focusOf, mistakeAt, type Model, settingsFor, snapshotOf } from './model.js';
import { serverNow } from './server-now.js';
import { cutLine, fitLine, lineWidth, span, spread } from './spans.js';
import { clockText } from './time-words.js';

const LATE_LATENCY_MS = 1000;

/** The right end, whole: the clock ticks only while data flows; otherwise it shows when the data stood still. */
const liveText = (model: Model, cluster?: string): StyledLine => [
  span(`${clockText(serverNow(model, cluster), model.utcOffsetMinutes)} `),
  span(`${model.glyphs.live} live `, 'good'),
];

function freshness(model: Model, snapshot: Snapshot | undefined): StyledLine {
  if (snapshot?.connection.type === 'live') {
    const old = oldText(snapshot, model.now, model.utcOffsetMinutes);
    if (old !== undefined) return [span(`${old} `, 'attention'), span(`${model.glyphs.waiting} late `, 'attention')];
    const skew = skewText(model, snapshot);
    return [...(skew === '' ? [] : [span(`${skew} `, 'attention')]), ...liveText(model, snapshot.context)];
  }
  const word = snapshot?.connection.type === 'lost' ? 'stale' : 'connecting';
  return [span(`${model.glyphs.warning} ${word} `, 'attention')];
}

/** The first `kept` parts always stand (cut at the end if need be); of the others as many as fit. */
function fitParts(parts: readonly StyledLine[], kept: number, width: number): StyledLine {
  let line: StyledLine = [];
  for (const [place, part] of parts.entries()) {
    if (place >= kept && lineWidth(line) + lineWidth(part) > width) break;
    line = [...line, ...part];
  }
  return cutLine(line, width);
}

function embeddedText(model: Model): string {
  if (model.size.columns >= 120) return ' embedded: gone when it ends';
  return contextOf(model) === 'rollouts' || model.size.columns >= 100 ? ' embedded, ephemeral' : ' embedded';
}

/** On a list of several clusters each has its own line below; here stands how many, and how many of them are not live. */
function severalLine(model: Model, place: readonly StyledLine[]): StyledLine {
  const { columns } = model.size;
  const snapshots = [...model.clusters.values()].map(({ snapshot }) => snapshot);
  const troubled = snapshots.filter(({ connection }) => connection.type !== 'live').length;
  const right = troubled === 0 ? liveText(model) : [span(`${model.glyphs.warning} ${troubled} of ${snapshots.length} not live `, 'attention')];
  const clusters = [span(' '), span(`${snapshots.length} clusters`, 'title')];
  const left = fitParts([[span(' sluice ', 'banner'), ...clusters], ...place], 1, columns - lineWidth(right) - 2);
  return fitLine(spread(left, right, columns), columns);
}

/** That nothing is written there, and where it is nobody's wish, why. */
function readOnlyMark(model: Model, cluster: string): StyledLine {
  if (!settingsFor(model, cluster).readOnly) return [];
  if (mistakeAt(model, cluster) === undefined) return [span(' [RO]', 'attention')];
  return [span(model.size.columns >= 100 ? ' [RO: mistake in the settings]' : ' [RO: settings]', 'attention')];
}

/** `place` is what stands behind the context: a count of namespaces, or the rollout that is open. */
export function headerLine(model: Model, place: readonly StyledLine[]): StyledLine {
  const { columns } = model.size;
  const focus = focusOf(model);
  if (focus === undefined && model.clusters.size > 1) return severalLine(model, place);
  const snapshot = snapshotOf(model, focus);
  const right = freshness(model, snapshot);
  const room = columns - lineWidth(right) - 2;
  if (snapshot === undefined) return spread([span(' sluice ', 'banner'), span('  connecting to the cluster', 'muted')], right, columns);
  const readOnly = readOnlyMark(model, snapshot.context);
  const brand = [span(' sluice ', 'banner'), ...readOnly];
  const embedded = snapshot.embedded ? [span(embeddedText(model), 'attention')] : [];
  const context = [span(' '), span(snapshot.context, bannerOf(model, snapshot.context)), ...embedded];
  const wide = columns >= 100;
  const driver = [
    span('   '),
    span(driverText(snapshot, serverNow(model, snapshot.context), !wide), snapshot.driver.type === 'nobody' ? 'attention' : 'muted'),
  ];
  const { latencyMs } = snapshot;
  const latency = latencyMs === undefined ? [] : [span('   '), span(latencyText(latencyMs), latencyMs > LATE_LATENCY_MS ? 'attention' : 'muted')];
  const left = fitParts([[...brand, ...context], ...place, driver, latency], 2, room);
  return fitLine(spread(left, right, columns), columns);
}

/** Stands under the header while the data is not live: as of when, and why. */
export function staleNotice(model: Model): StyledLine | undefined {
  const snapshot = snapshotOf(model, focusOf(model));
  const stale = staleText(snapshot, model.now, model.utcOffsetMinutes);
  if (stale === undefined || snapshot?.connection.type !== 'lost') return undefined;
  const key = snapshot.trouble === undefined ? undefined : keyText(model.keymap, 'log-in', model.glyphs.ascii);
  const hint = key === undefined ? [] : [span(` ${key}`, 'key'), span(' logs in anew.', 'attention')];
  return [...hint, span(` ${stale}. Changes are refused until it is fresh.`, 'attention')];
}
