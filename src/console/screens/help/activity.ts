// One line for each thing that is under way: a promotion that can still be taken back, a rollback and how far it is, the rest
// of a group, and whatever takes the app longer than a moment.

import type { StyledLine } from '../../frame.js';
import { keyText } from '../../keymap.js';
import { labelOf, type Model } from '../../model.js';
import { ROLLBACK_STAGES, STAGE_WORDS } from '../../rollback.js';
import { span } from '../../spans.js';
import { ageText, leftText } from '../../time-words.js';

/** More would hide what they are about. */
const MOST_LINES = 3;

export function activityLines(model: Model): readonly StyledLine[] {
  const key = keyText(model.keymap, 'take-back', model.glyphs.ascii);
  const takeBack = key === undefined ? [] : [span('   '), span(key, 'key'), span(' takes it back', 'attention')];
  const leaving = model.outgoing.map(
    ({ words, sendAt }): StyledLine => [span(` ${model.glyphs.waiting} ${words} goes out in ${leftText(sendAt - model.now)}`, 'attention'), ...takeBack],
  );
  const rollbacks = model.rollbacks.map(({ key: rollout, revision, stage, startedAt, detail }): StyledLine => {
    const place = `${ROLLBACK_STAGES.indexOf(stage) + 1} of ${ROLLBACK_STAGES.length}`;
    const words = `${STAGE_WORDS[stage]}${detail === '' ? '' : ` (${detail})`}`;
    return [
      span(
        ` ${model.glyphs.progress} roll back ${labelOf(model, rollout)} to revision ${revision}: ${place}, ${words}, ${ageText(startedAt, model.now)}`,
        'progress',
      ),
    ];
  });
  const stops = keyText(model.keymap, 'back', model.glyphs.ascii);
  const stopKey = stops === undefined ? [] : [span('   '), span(stops, 'key'), span(' stops it', 'muted')];
  const works = model.works.map(({ words, progress, since }): StyledLine => {
    const line = ` ${model.glyphs.progress} ${words}${progress === '' ? '' : `: ${progress} so far`}, ${ageText(since, model.now)}`;
    return [span(line, 'progress'), ...stopKey];
  });
  const groups = model.pending
    .filter(({ rest }) => rest.length > 0)
    .map(({ words, rest }): StyledLine => [span(` ${model.glyphs.progress} ${words}; ${rest.length} more to come`, 'progress'), ...stopKey]);
  return [...leaving, ...rollbacks, ...groups, ...works.toReversed()].slice(0, MOST_LINES);
}
