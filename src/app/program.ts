// The message loop: one model, messages in turn, at most thirty frames a second, effects performed outside.

import type { Effect } from '../console/effect.js';
import type { Msg } from '../console/message.js';
import type { Model } from '../console/model.js';
import type { Need } from '../console/need.js';
import { needsOf } from '../console/needs.js';
import { render } from '../console/render.js';
import type { Theme } from '../console/theme.js';
import { update } from '../console/update.js';
import type { Cancel, Clock } from '../lib/clock.js';
import type { TerminalScreen } from '../terminal/screen.js';
import { compileLater } from './tier-up.js';

/** A burst of events costs one frame. */
const FRAME_MS = 33;

/** A key is answered sooner: a person waits for it, and never presses so many. */
const KEY_FRAME_MS = 16;

/** Pause clocks and ages move on this often. */
const TICK_MS = 1000;

export interface Program {
  post(message: Msg): void;
  /** Paints what has changed at once; for the first frame. */
  paintNow(): void;
  /** The terminal takes a frame again: the newest, if something has changed since the last. */
  ready(): void;
  /** The whole screen again: the terminal was somebody else's. */
  repaint(): void;
  /** Takes effect with the next frame, which comes soon. */
  setTheme(theme: Theme): void;
  stop(): void;
}

export type ProgramOptions = {
  readonly model: Model;
  readonly screen: TerminalScreen;
  readonly theme: Theme;
  readonly clock: Clock;
  perform(effect: Effect): void;
  /** What the screens that are open need to be read, after each change. */
  need(needs: readonly Need[]): void;
};

export function startProgram(options: ProgramOptions): Program {
  compileLater();
  const { clock, screen } = options;
  let { model, theme } = options;
  let dirty = true;
  let paintedAt = -FRAME_MS;
  let frameTimer: Cancel | undefined;
  let frameAt = 0;
  let tickTimer: Cancel = () => {};
  let stopped = false;

  const paintNow = (): void => {
    frameTimer?.();
    frameTimer = undefined;
    // What a busy terminal would not show is not made: `ready` comes when it can take the newest.
    if (stopped || !dirty || !screen.isReady()) return;
    paint(false);
  };

  const paint = (urgent: boolean): void => {
    dirty = false;
    paintedAt = clock.now();
    screen.paint(render(model, screen.size()), theme, urgent);
  };

  const schedule = (betweenMs = FRAME_MS): void => {
    dirty = true;
    const at = paintedAt + betweenMs;
    if (stopped || (frameTimer !== undefined && frameAt <= at)) return;
    frameTimer?.();
    frameAt = at;
    frameTimer = clock.after(Math.max(0, at - clock.now()), () => {
      frameTimer = undefined;
      paintNow();
    });
  };

  const post = (message: Msg): void => {
    if (stopped) return;
    // On a slow line a key's own lines go first: they are those that this frame changes and the one before it did not.
    const urgent = message.type === 'key' && screen.isSlow();
    if (urgent && dirty) paint(false);
    const [next, effects] = update(model, message);
    if (next !== model) {
      model = next;
      if (urgent) paint(true);
      else schedule(message.type === 'key' ? KEY_FRAME_MS : FRAME_MS);
      options.need(needsOf(model));
    }
    for (const effect of effects) options.perform(effect);
  };

  const tick = (): void => {
    post({ type: 'tick', now: clock.now() });
    tickTimer = clock.after(TICK_MS, tick);
  };
  tickTimer = clock.after(TICK_MS, tick);

  return {
    post,
    paintNow,
    ready() {
      if (dirty && clock.now() - paintedAt >= FRAME_MS) paintNow();
      else if (dirty) schedule();
    },
    repaint: () => schedule(),
    setTheme(next) {
      theme = next;
      schedule();
    },
    stop() {
      stopped = true;
      frameTimer?.();
      tickTimer();
    },
  };
}
