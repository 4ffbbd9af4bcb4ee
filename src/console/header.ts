// The first line of every screen: which cluster, who drives it, how fast it answers, what time it is, and whether the data is live.

import { formatAge } from '../lib/go-duration.js';
import type { Snapshot } from '../kinds/snapshot.js';
import { oldText, staleText } from './freshness.js';
import type { StyledLine } from './frame.js';
import { contextOf, focusOf, type Model, settingsFor, snapshotOf } from './model.js';
import { serverNow, skewOf } from './server-now.js';
import { cutLine, fitLine, lineWidth, span, spread } from './spans.js';
import { ageText, clockText } from './time-words.js';

const LATE_LATENCY_MS = 1000;

/** Engines renew their lease every two seconds; only a later one is worth a number that runs. */
const LATE_RENEWAL_MS = 6000;

/** Latencies are told in these steps: noise below would repaint the line for ever. */
const LATENCY_STEP_MS = 10;

function driverText(snapshot: Snapshot, now: number, short: boolean): string {
  const { driver } = snapshot;
  if (driver.type === 'self') return short ? 'driving' : 'driving: this console';
  if (driver.type === 'nobody') return short ? 'nobody drives' : 'nobody drives: nothing you press will move';
  const late = now - driver.renewedAt > LATE_RENEWAL_MS;
  // A number that runs costs bytes on a slow line: as long as all is well it stands still.
  const age = late ? `lease ${ageText(driver.renewedAt, now)} old` : `lease <${LATE_RENEWAL_MS / 1000}s old`;
  return short ? `driven elsewhere${late ? `, ${age}` : ''}` : `driven by ${driver.identity}, ${age}`;
}

function latencyText(latencyMs: number): string {
  return latencyMs < LATENCY_STEP_MS ? `api <${LATENCY_STEP_MS} ms` : `api ${Math.round(latencyMs / LATENCY_STEP_MS) * LATENCY_STEP_MS} ms`;
}

/** Behind this many milliseconds nobody looks; a clock that is further off makes every time on this machine look wrong. */
const SKEW_SHOWN_MS = 2000;

/** How far the server's clock, by which all is told here, is from this machine's. */
function skewPart(model: Model, snapshot: Snapshot | undefined): StyledLine {
  const skewMs = skewOf(model, snapshot?.context);
  if (Math.abs(skewMs) <= SKEW_SHOWN_MS) return [];
  const size = formatAge(Math.abs(skewMs));
  return [span(`${model.size.columns >= 80 ? 'server clock ' : ''}${skewMs > 0 ? '+' : '-'}${size} `, 'attention')];
}

/** The right end, whole: the clock ticks only while data flows; otherwise it shows when the data stood still. */
function freshness(model: Model, snapshot: Snapshot | undefined): StyledLine {
  const stale = staleText(snapshot, model.now, model.utcOffsetMinutes);
  if (stale === undefined) {
    const old = oldText(snapshot, model.now, model.utcOffsetMinutes);
    if (old !== undefined) return [span(`${old} `, 'attention'), span(`${model.glyphs.waiting} late `, 'attention')];
    const time = clockText(serverNow(model, snapshot?.context), model.utcOffsetMinutes);
    return [...skewPart(model, snapshot), span(`${time} `), span(`${model.glyphs.live} live `, 'good')];
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

/** `place` is what stands behind the context: a count of namespaces, or the rollout that is open. */
export function headerLine(model: Model, place: readonly StyledLine[]): StyledLine {
  const { columns } = model.size;
  const snapshot = snapshotOf(model, focusOf(model));
  const right = freshness(model, snapshot);
  const room = columns - lineWidth(right) - 2;
  if (snapshot === undefined) return spread([span(' sluice ', 'banner'), span('  connecting to the cluster', 'muted')], right, columns);
  const readOnly = settingsFor(model, snapshot.context).readOnly ? [span(' [RO]', 'attention')] : [];
  const brand = [span(' sluice ', 'banner'), ...readOnly];
  const embedded = snapshot.embedded ? [span(embeddedText(model), 'attention')] : [];
  const context = [span(' '), span(snapshot.context, 'title'), ...embedded];
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
  return [span(` ${stale}. Changes are refused until it is fresh.`, 'attention')];
}
