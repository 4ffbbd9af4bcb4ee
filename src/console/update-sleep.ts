// Nothing puts this process to sleep: a stopped one renews no Lease, and goes on writing for a moment when it is woken, beside
// whoever leads by then.

import type { Instant } from '../lib/instant.js';
import { quitKeyText } from './keymap.js';
import type { Model } from './model.js';
import { notify } from './update-changes.js';

/** What a program that had the terminal has come to is told this shortly before. */
const SAME_MOMENT_MS = 1000;

function why({ clusters }: Model): string {
  const drives = [...clusters.values()].some(({ snapshot }) => snapshot.driver.type === 'self');
  return drives ? 'This console drives the rollouts: asleep it would lose the Lease in the middle of a step' : 'The screen can not be put to sleep';
}

/** Ctrl-Z on the screen. */
export function refuseToSleep(model: Model, now: Instant): Model {
  const key = quitKeyText(model.keymap, model.glyphs.ascii);
  return notify(model, 'attention', `${why(model)}. Leave it open in a window of its own (tmux, screen), or end it with ${key}.`, now);
}

/** Ctrl-Z in a program that had the terminal, or a signal from elsewhere. What came of that program is still to be read. */
export function tellNotStopped(model: Model, now: Instant): Model {
  const { notice } = model;
  const before = notice !== undefined && now - notice.since < SAME_MOMENT_MS ? `${notice.text.replace(/\.$/, '')}. ` : '';
  return notify(model, 'attention', `${before}Nothing was put to sleep. ${why(model)}.`, now);
}
