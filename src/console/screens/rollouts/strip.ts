// Of several clusters each has a line above the list: live or as of when and why, who drives it, how fast it answers.

import type { Connection } from '../../../kinds/snapshot.js';
import { textWidth } from '../../../lib/text-width.js';
import { bannerOf, driverText, latencyText, shortName, skewText, watchedText } from '../../cluster-words.js';
import { oldText, staleText } from '../../freshness.js';
import type { StyledLine } from '../../frame.js';
import { keyText } from '../../keymap.js';
import { clusterRows, type Model, settingsFor, type Watched } from '../../model.js';
import { serverNow } from '../../server-now.js';
import { blank, cell, cutLine, span } from '../../spans.js';

const WIDE_COLUMNS = 100;

/** The troubled first where there is no room for all. */
const ORDER: Readonly<Record<Connection['type'], number>> = { lost: 0, connecting: 1, live: 2 };

function signOf({ glyphs }: Model, { connection }: Watched['snapshot']): StyledLine[number] {
  if (connection.type === 'live') return span(glyphs.live, 'good');
  return connection.type === 'lost' ? span(glyphs.warning, 'attention') : span(glyphs.waiting, 'progress');
}

function clusterLine(model: Model, name: string, { snapshot }: Watched, nameWidth: number): StyledLine {
  const short = model.size.columns < WIDE_COLUMNS;
  const stale = staleText(snapshot, model.now, model.utcOffsetMinutes);
  const mark = oldText(snapshot, model.now, model.utcOffsetMinutes) ?? skewText(model, snapshot);
  const clock = mark === '' ? [] : [span(`   ${mark}`, 'attention')];
  const readOnly = settingsFor(model, name).readOnly ? [span('   [RO]', 'attention')] : [];
  const { latencyMs } = snapshot;
  const latency = latencyMs === undefined ? [] : [span(`   ${latencyText(latencyMs)}`, 'muted')];
  const watched = watchedText(snapshot);
  const watchedSpans = watched === '' ? [] : [span(`   ${watched}`, 'attention')];
  const words =
    stale === undefined
      ? [
          span(driverText(snapshot, serverNow(model, name), short), snapshot.driver.type === 'nobody' ? 'attention' : 'muted'),
          ...readOnly,
          ...watchedSpans,
          ...latency,
          ...clock,
        ]
      : [...logInSpans(model, snapshot), span(stale, snapshot.connection.type === 'lost' ? 'attention' : 'muted'), ...readOnly];
  const shown = shortName(model, name);
  return cutLine(
    [blank(1), signOf(model, snapshot), blank(1), span(shown, bannerOf(model, name)), blank(nameWidth - textWidth(shown) + 3), ...words],
    model.size.columns,
  );
}

/** The key that may help stands first: the reason behind it may be long. */
function logInSpans(model: Model, { trouble, connection }: Watched['snapshot']): StyledLine {
  const key = trouble === undefined || connection.type !== 'lost' ? undefined : keyText(model.keymap, 'log-in', model.glyphs.ascii);
  return key === undefined ? [] : [span(key, 'key'), span(' logs in anew; ', 'attention')];
}

/** As many lines as `clusterRows` says. */
export function stripLines(model: Model): readonly StyledLine[] {
  const rows = clusterRows(model);
  if (rows === 0) return [];
  const all = [...model.clusters];
  const nameWidth = Math.max(...all.map(([name]) => textWidth(shortName(model, name))));
  const line = ([name, watched]: readonly [string, Watched]): StyledLine => clusterLine(model, name, watched, nameWidth);
  if (all.length <= rows) return all.map(line);
  const ordered = all.toSorted(([, a], [, b]) => ORDER[a.snapshot.connection.type] - ORDER[b.snapshot.connection.type]);
  if (rows === 1) return ordered.slice(0, 1).map(line);
  const kept = ordered.slice(0, rows - 1);
  const lost = ordered.slice(rows - 1).filter(([, { snapshot }]) => snapshot.connection.type === 'lost').length;
  const more = cell(
    `   and ${all.length - kept.length} more${lost > 0 ? `, ${lost} of them lost` : ''}: :ctx lists them`,
    model.size.columns,
    lost > 0 ? 'attention' : 'muted',
  );
  return [...kept.map(line), [more]];
}
