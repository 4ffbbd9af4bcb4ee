// Commands of `kubectl argo rollouts` whose work is done in another way, or not here: they say so, and fail, so that no script takes
// them for done.

import type { Command } from './command.js';

function saysOnly(words: string, summary: string, answer: string, example: string): Command {
  return {
    words,
    summary,
    operands: '',
    flags: [],
    examples: [example],
    run(_words, io) {
      io.stderr(`Error: ${answer}\n`);
      return Promise.resolve(1);
    },
  };
}

export const dashboard = saysOnly(
  'dashboard',
  'There is no web page: the console is the dashboard.',
  'sluice serves no web page, and listens on no port for one: `sluice` opens the console in this terminal, `sluice list rollouts -A -w` prints lines, ' +
    '`sluice snapshot NAME` writes a rollout down for others. The web page of Argo Rollouts (`kubectl argo rollouts dashboard`) works beside sluice.',
  'sluice',
);

export const notifications = saysOnly(
  'notifications',
  'Trying triggers and templates out is not here yet; the engine sends what they say.',
  'the engine sends notifications by the triggers and templates of argo-rollouts-notification-configmap, but trying them out is not here yet: ' +
    '`kubectl argo rollouts notifications` does.',
  'sluice engine',
);
