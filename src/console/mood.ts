// The sign and the colour of each state. Colour only repeats what sign and word already say.

import type { RolloutFacts } from './facts.js';
import type { Glyphs } from './glyphs.js';
import type { Mood } from './pod-state.js';
import type { StyleName } from './style.js';

const STYLES: Readonly<Record<Mood, StyleName>> = {
  good: 'good',
  progress: 'progress',
  paused: 'attention',
  waiting: 'progress',
  unknown: 'unknown',
  warning: 'bad',
  bad: 'bad',
  neutral: 'muted',
};

export function moodSign(glyphs: Glyphs, mood: Mood): string {
  return glyphs[mood];
}

export function moodStyle(mood: Mood): StyleName {
  return STYLES[mood];
}

/** The word beside the sign: the phase, or what is worse or plainer than it. */
export function stateWord({ failing, hold, phase }: RolloutFacts): string {
  if (failing) return 'failing';
  return hold === undefined ? phase.toLowerCase() : 'held';
}

/** Where sentences begin with it. */
export const phaseOrFailing = ({ failing, phase }: RolloutFacts): string => (failing ? 'Failing' : phase);

export function rolloutMood(facts: RolloutFacts): Mood {
  if (facts.failing) return 'warning';
  switch (facts.phase) {
    case 'Healthy':
      return 'good';
    case 'Progressing':
      return 'progress';
    case 'Paused':
      return 'paused';
    case 'Degraded':
      return 'bad';
    case 'Unknown':
      return 'unknown';
  }
}

/** A healthy rollout is quiet, a timed pause moves by itself: neither takes the colour that asks for a hand. */
export function rolloutStyle(facts: RolloutFacts): StyleName {
  if (facts.phase === 'Healthy') return 'text';
  if (facts.phase === 'Paused' && facts.waiting === undefined && !facts.failing) return 'progress';
  return moodStyle(rolloutMood(facts));
}
