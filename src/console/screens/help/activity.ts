// One line for each act that is under way: a promotion that can still be taken back, a rollback and how far it is.

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
  return [...leaving, ...rollbacks].slice(0, MOST_LINES);
}
