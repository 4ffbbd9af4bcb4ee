// The screen `output`: what commands of the person's own have written beside the screen, and how each has ended.

import { sanitise } from '../../lib/text-width.js';
import type { OwnRunState } from '../own/history.js';
import type { PageLine, PageScreen } from '../page-screen.js';
import { span } from '../spans.js';
import { clockText } from '../time-words.js';

function runLines({ id, words, startedAt, lines, left, ended }: OwnRunState, utcOffsetMinutes: number): readonly PageLine[] {
  const head = [
    span(`${clockText(startedAt, utcOffsetMinutes)} `, 'muted'),
    span(words, 'strong'),
    span(`: ${ended ?? 'running'}`, ended === undefined ? 'progress' : 'muted'),
  ];
  const gone = left === 0 ? [] : [{ id: `${id} left`, line: [span(`  … ${left} lines before these`, 'muted')] }];
  const written = lines.map((text, place): PageLine => ({ id: `${id} ${left + place}`, line: [span(`  ${sanitise(text)}`)] }));
  return [{ id: `${id}`, line: head }, ...gone, ...written];
}

export const outputScreen: PageScreen = {
  id: 'output',
  word: 'output',
  form: 'stream',
  contents: ({ ownRuns, utcOffsetMinutes }) => ({
    title: 'Output of your commands',
    empty: 'nothing was run beside the screen yet: commands with background: true in commands.yaml are',
    lines: ownRuns.filter(({ background }) => background).flatMap((run) => runLines(run, utcOffsetMinutes)),
  }),
};
