// A command of `kubectl argo rollouts` whose work is done in another way here: it says so, and fails, so that no script takes it for done.

import type { Command } from './command.js';

const ANSWER =
  'sluice serves no web page, and listens on no port for one: `sluice` opens the console in this terminal, `sluice list rollouts -A -w` prints lines, ' +
  '`sluice snapshot NAME` writes a rollout down for others. The web page of Argo Rollouts (`kubectl argo rollouts dashboard`) works beside sluice.';

export const dashboard: Command = {
  words: 'dashboard',
  summary: 'There is no web page: the console is the dashboard.',
  operands: '',
  flags: [],
  examples: ['sluice'],
  run(_words, io) {
    io.stderr(`Error: ${ANSWER}\n`);
    return Promise.resolve(1);
  },
};
