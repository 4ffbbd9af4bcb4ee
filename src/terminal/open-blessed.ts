// A blessed screen that lays out and clips, and touches nothing: what it would write is collected, what it would hook
// into the process is taken off again. Its own writer is put aside for ours.

import blessed, { type BlessedScreen, type CompileCapability } from 'blessed';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';

const RESIZE_SETTLE_MS = 50;

export type SizedOutput = NodeJS.WritableStream & { columns?: number; rows?: number; readonly writableLength?: number };

export type Opened = {
  readonly screen: BlessedScreen;
  /** What blessed has written since the last call: modes, titles, clearing. */
  taken(): string;
  stop(): void;
};

class Collector extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  text = '';
  readonly #output: SizedOutput;

  constructor(output: SizedOutput) {
    super();
    this.#output = output;
  }

  get columns(): number {
    return this.#output.columns ?? 80;
  }

  get rows(): number {
    return this.#output.rows ?? 24;
  }

  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

/** For as long as blessed is being made, the process looks as it wants it; afterwards no handler of its is left there. */
function quietly<T>(make: () => T): T {
  const events = ['exit', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'uncaughtException'];
  const before = new Map(events.map((event) => [event, process.rawListeners(event)]));
  const { TMUX: tmux } = process.env;
  delete process.env['TMUX'];
  try {
    return make();
  } finally {
    if (tmux !== undefined) process.env['TMUX'] = tmux;
    for (const [event, known] of before) {
      for (const listener of process.rawListeners(event)) if (!known.includes(listener)) process.removeListener(event, listener as () => void);
    }
  }
}

type Capability = (this: unknown, ...words: unknown[]) => unknown;

/** Of four hundred capabilities a dozen are used: each is compiled when it is, not all of them before the first frame. */
function whenUsed(compile: CompileCapability): CompileCapability {
  return function (info, key, value) {
    if (typeof value !== 'string' || value === '') return compile.call(this, info, key, value);
    let made: unknown;
    const capability: Capability = (...words) => {
      made ??= compile.call(this, info, key, value);
      return typeof made === 'function' ? (made as Capability).apply(this, words) : made;
    };
    return capability;
  };
}

const { prototype } = blessed.Tput;
prototype._compile = whenUsed(prototype._compile);

export function openBlessed(output: SizedOutput, terminal: string, unicode: boolean): Opened {
  // Only the packaged terminfo: blessed can not parse ncurses' newer files and prints errors over the screen.
  blessed.Tput.ipaths.length = 0;
  const silent = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => silent });
  const collector = new Collector(output);
  const screen = quietly(() =>
    blessed.screen({ input: silent, output: collector, terminal, forceUnicode: unicode, fullUnicode: true, smartCSR: false, resizeTimeout: RESIZE_SETTLE_MS }),
  );
  screen.draw = () => {};
  const onResize = (): void => void collector.emit('resize');
  output.on('resize', onResize);
  return {
    screen,
    taken() {
      screen.program.flush();
      const { text } = collector;
      collector.text = '';
      return text;
    },
    stop: () => void output.removeListener('resize', onResize),
  };
}
