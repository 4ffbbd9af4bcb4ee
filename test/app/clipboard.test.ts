// Text for the clipboard: how each terminal wants it, and what is too long for any.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyText, fitsClipboard, MOST_OSC52_BYTES, osc52 } from '../../src/app/clipboard.js';
import { temporaryFolder } from '../support/sluice.js';

test('plainly, through tmux, through screen', () => {
  assert.equal(osc52('a', {}), '\u001b]52;c;YQ==\u0007');
  assert.equal(osc52('a', { TMUX: '/tmp/tmux' }), '\u001bPtmux;\u001b\u001b]52;c;YQ==\u0007\u001b\\');
  assert.equal(osc52('a', { STY: '1.host' }), '\u001bP\u001b]52;c;YQ==\u0007\u001b\\');
});

test('what is too long, or for the Linux console, goes into the file alone', async (t) => {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  const longest = (MOST_OSC52_BYTES / 4) * 3;
  assert.equal(fitsClipboard('x'.repeat(Math.floor(longest) - 3), {}), true);
  assert.equal(fitsClipboard('x'.repeat(Math.ceil(longest) + 3), {}), false);
  assert.equal(fitsClipboard('x', { TERM: 'linux' }), false);
  const written: string[] = [];
  const told = await copyText('x'.repeat(MOST_OSC52_BYTES), 'it', { XDG_STATE_HOME: folder.path }, (sequence) => written.push(sequence));
  assert.deepEqual(written, []);
  assert.match(told, /^it is in \S+clipboard\.txt: this terminal takes no text of that length$/);
});
