// How a cluster is, in words: its name as short as it must be, who drives it, how fast it answers, how old its data is.

import { formatAge } from '../lib/go-duration.js';
import type { Snapshot } from '../kinds/snapshot.js';
import { cutStart, sanitise, textWidth } from '../lib/text-width.js';
import type { Instant } from '../lib/instant.js';
import { focusOf, type Model, settingsFor, snapshotOf } from './model.js';
import type { BannerWord } from './settings/rows.js';
import type { StyleName } from './style.js';
import { ageText, clockText } from './time-words.js';

/** Engines renew their lease every two seconds; only a later one is worth a number that runs. */
const LATE_RENEWAL_MS = 6000;

/** Latencies are told in these steps: noise below would repaint the line for ever. */
const LATENCY_STEP_MS = 10;

const LONGEST_NAME = 24;
const LONGEST_NAME_NARROW = 12;
const WIDE_COLUMNS = 120;

/** Names of namespaces that a line has room for. */
const MOST_NAMES = 4;

export function driverText({ driver }: Snapshot, now: Instant, short: boolean): string {
  if (driver.type === 'self') return short ? 'driving' : 'driving: this console';
  if (driver.type === 'unknown') return short ? 'driver unseen' : `who drives can not be seen: ${driver.reason}`;
  if (driver.type === 'nobody') return short ? 'nobody drives' : 'nobody drives: nothing you press will move';
  const late = now - driver.renewedAt > LATE_RENEWAL_MS;
  // A number that runs costs bytes on a slow line: as long as all is well it stands still.
  const age = late ? `lease ${ageText(driver.renewedAt, now)} old` : `lease <${LATE_RENEWAL_MS / 1000}s old`;
  return short ? `driven elsewhere${late ? `, ${age}` : ''}` : `driven by ${driver.identity}, ${age}`;
}

export function latencyText(latencyMs: number): string {
  return latencyMs < LATENCY_STEP_MS ? `api <${LATENCY_STEP_MS} ms` : `api ${Math.round(latencyMs / LATENCY_STEP_MS) * LATENCY_STEP_MS} ms`;
}

/** "in a, b": where not all namespaces are watched; and what of them may not be seen. */
export function watchedText({ namespaces, unseen = [] }: Snapshot): string {
  const kinds = unseen.length === 0 ? '' : `no right to see ${unseen.join(', ')}`;
  if (namespaces === undefined) return kinds;
  const { names, why, forbidden } = namespaces;
  const words = why === 'given' ? 'only' : 'as permitted, only';
  const refused = forbidden.length === 0 ? '' : ` (no right to ${forbidden.join(', ')})`;
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return [`${words} in ${names.slice(0, MOST_NAMES).join(', ')}${more}${refused}`, kinds].filter((text) => text !== '').join('; ');
}

/** A clock that is further off makes every time on this machine look wrong. */
const SKEW_SHOWN_MS = 2000;

/** How far the server's clock, by which all of its times are told, is from this machine's; "" while that does not matter. */
export function skewText(model: Model, { skewMs = 0 }: Snapshot): string {
  if (Math.abs(skewMs) <= SKEW_SHOWN_MS) return '';
  return `${model.size.columns >= 80 ? 'server clock ' : ''}${skewMs > 0 ? '+' : '-'}${formatAge(Math.abs(skewMs))}`;
}

const BANNERS: Readonly<Record<BannerWord, StyleName>> = { plain: 'title', attention: 'banner-attention', alarm: 'banner-alarm' };

/** The colour in which the name of a context stands, wherever it stands. */
export const bannerOf = (model: Model, cluster: string): StyleName => BANNERS[settingsFor(model, cluster).banner];

/** Long names (those of cloud providers) differ at their end. */
export function shortName({ size }: Model, cluster: string): string {
  return cutStart(sanitise(cluster), size.columns >= WIDE_COLUMNS ? LONGEST_NAME : LONGEST_NAME_NARROW);
}

/** Behind the name of a cluster that is lost: the moment as of which its rows are. */
export function asOfText(model: Model, cluster: string): string {
  const { connection, skewMs = 0 } = snapshotOf(model, cluster) ?? {};
  if (connection?.type !== 'lost') return '';
  const at = connection.lastSignalAt === undefined ? '?' : clockText(connection.lastSignalAt + skewMs, model.utcOffsetMinutes);
  return model.size.columns >= WIDE_COLUMNS ? ` as of ${at}` : ` ${at}`;
}

/** How wide the names of the clusters stand in the list; 0 where they need not, because there is one. */
export function clusterWidth(model: Model): number {
  if (model.clusters.size < 2 || focusOf(model) !== undefined) return 0;
  return Math.max(...[...model.clusters.keys()].map((name) => textWidth(shortName(model, name)) + asOfText(model, name).length));
}
