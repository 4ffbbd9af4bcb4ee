// The part "Steps": what is done, where it stands with the pause's clock running down, what comes.

import type { StyledLine } from '../../frame.js';
import type { Model } from '../../model.js';
import { blank, cell, gauge, span } from '../../spans.js';
import { describeStep, isOpenPause, isPause, pauseMs } from '../../steps.js';
import type { StyleName } from '../../style.js';
import { ageText, leftText } from '../../time-words.js';
import { type DetailContents, findStepTop } from './contents.js';
import { serverNow } from '../../server-now.js';

const CLOCK = 7;
const CLOCK_BAR = 5;

/** What stands at the right of the current step: time left and a bar that runs down, or how long it has waited. */
function clockOf(model: Model, { facts }: DetailContents): StyledLine {
  const step = facts.steps[facts.stepIndex ?? -1];
  const since = facts.pause?.since;
  if (!isPause(step) || since === undefined || facts.aborted) return [];
  if (facts.held) return [blank(CLOCK + 1), cell('held', CLOCK_BAR, 'attention')];
  if (isOpenPause(step))
    return [cell(ageText(since, serverNow(model, facts.cluster)), CLOCK, 'attention', 'left'), blank(1), cell('waits', CLOCK_BAR, 'attention')];
  const lengthMs = pauseMs(step) ?? 0;
  const leftMs = Math.max(0, since + lengthMs - serverNow(model, facts.cluster));
  const share = lengthMs > 0 ? (leftMs * 100) / lengthMs : 0;
  return [cell(leftText(leftMs), CLOCK, 'text', 'left'), blank(1), ...gauge(model.glyphs, share, CLOCK_BAR, 'gauge-fill')];
}

export function stepLines(model: Model, contents: DetailContents, stepTop: number | undefined): readonly StyledLine[] {
  const { facts, layout } = contents;
  const { glyphs } = model;
  const { columns, rows } = layout.steps.box;
  if (facts.steps.length === 0) return [[span(` ${facts.strategy === 'canary' ? 'no steps: all pods are replaced at once' : 'no steps'}`, 'muted')]];
  const top = findStepTop(facts, stepTop, rows);
  const digits = String(facts.steps.length).length;
  const sign = glyphs.ascii ? 2 : 1;
  const current = facts.inFlight && !facts.aborted ? (facts.stepIndex ?? 0) : facts.aborted ? -1 : facts.steps.length;
  const clock = clockOf(model, contents);
  const room = Math.max(4, columns - 4 - sign - digits - CLOCK - CLOCK_BAR - 2);
  return facts.steps.slice(top, top + rows).map((step, place) => {
    const index = top + place;
    const done = index < current;
    const here = index === current;
    const style: StyleName = here ? 'strong' : done || facts.aborted ? 'muted' : 'text';
    const mark = done ? cell(glyphs.good, sign, 'good') : here ? cell(glyphs.here, sign, facts.waiting === undefined ? 'progress' : 'attention') : blank(sign);
    // Of an open pause the clock beside it already says that it waits.
    const words = here && isOpenPause(step) ? 'pause' : describeStep(step);
    const label = cell(words, here && clock.length > 0 ? room : room + CLOCK + CLOCK_BAR + 1, style);
    return [span(' '), mark, span(' '), cell(String(index + 1), digits, 'muted', 'left'), span(' '), label, ...(here ? clock : [])];
  });
}

/** "3-9 of 12" when not all steps fit; "" when they do. */
export function stepRange({ facts, layout }: DetailContents, stepTop: number | undefined): string {
  const { rows } = layout.steps.box;
  const count = facts.steps.length;
  if (count <= rows || rows <= 0) return '';
  const top = findStepTop(facts, stepTop, rows);
  return `${top + 1}-${Math.min(count, top + rows)} of ${count}`;
}

/** " 3 of 7: pause 5m" for the title where there is no room for a single step; else nothing. */
export function hereIfHidden({ facts, layout }: DetailContents): StyledLine {
  const step = facts.steps[facts.stepIndex ?? -1];
  if (layout.steps.box.rows > 0 || step === undefined || !facts.inFlight || facts.aborted) return [];
  return [span(` ${(facts.stepIndex ?? 0) + 1} of ${facts.steps.length}: ${describeStep(step)}`, 'strong')];
}
