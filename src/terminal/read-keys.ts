// Reads the terminal: what was typed comes first, then what the terminal itself has answered.

import type { KeyPress } from '../console/key.js';
import type { Cancel, Clock } from '../lib/clock.js';
import { createKeyDecoder, ESCAPE_WAIT_MS, UNFINISHED_WAIT_MS } from './input.js';
import { leaveRawMode } from './restore.js';

/** On a slow line the rest of a reply may come later than a hand's next key. */
const SLOW_ESCAPE_WAIT_MS = 150;

export type TerminalInput = NodeJS.ReadableStream & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };

export type KeyReader = {
  readonly input: TerminalInput;
  readonly clock: Clock;
  /** A reply may be on its way in pieces. */
  isSlow(): boolean;
  onKey(key: KeyPress): void;
  onReply(reply: string): void;
};

/** Returns what stops it. */
export function readKeys({ input, clock, isSlow, onKey, onReply }: KeyReader): () => void {
  let replies: string[] = [];
  const decoder = createKeyDecoder((reply) => replies.push(reply));
  let cancel: Cancel = () => {};
  const onData = (chunk: Buffer | string): void => {
    cancel();
    for (const key of decoder.feed(chunk.toString())) onKey(key);
    const came = replies;
    replies = [];
    for (const reply of came) onReply(reply);
    const held = decoder.pending();
    if (held === undefined) return;
    cancel = clock.after(held === 'sequence' ? UNFINISHED_WAIT_MS : isSlow() ? SLOW_ESCAPE_WAIT_MS : ESCAPE_WAIT_MS, () => {
      for (const key of decoder.flush()) onKey(key);
    });
  };
  input.setEncoding('utf8');
  input.setRawMode?.(true);
  input.on('data', onData);
  input.resume();
  return () => {
    cancel();
    input.removeListener('data', onData);
    input.pause();
    leaveRawMode(input);
  };
}
