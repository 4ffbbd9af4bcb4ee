// All verbs: how many words name each, and where its code is. A verb is loaded when it is called, not before.

import { AWS_FLAG_HELP, DEBUG_LOG_HELP } from './arguments.js';
import type { Command } from './command.js';
import { SETTING_FLAG_HELP } from './setting-flags.js';

type Entry = { readonly words: string; readonly summary: string; load(): Promise<Command> };

export const COMMANDS: readonly Entry[] = [
  { words: 'demo', summary: 'open the console on an embedded cluster with the demos', load: async () => (await import('./demo.js')).demo },
  { words: 'serve', summary: 'run the embedded cluster alone, for kubectl and others', load: async () => (await import('./serve.js')).serve },
  { words: 'engine', summary: 'drive the rollouts of a cluster, without a console', load: async () => (await import('./engine.js')).engine },
  { words: 'get rollout', summary: 'show a rollout', load: async () => (await import('./get-tree.js')).getRollout },
  { words: 'list rollouts', summary: 'list rollouts', load: async () => (await import('./list-rollouts.js')).listRollouts },
  { words: 'get experiment', summary: 'show an experiment', load: async () => (await import('./get-tree.js')).getExperiment },
  { words: 'list experiments', summary: 'list experiments', load: async () => (await import('./list-experiments.js')).listExperiments },
  { words: 'promote', summary: 'let a rollout go on, or to the end', load: async () => (await import('./act.js')).promote },
  { words: 'abort', summary: 'take all traffic back to the stable revision', load: async () => (await import('./act.js')).abort },
  { words: 'retry rollout', summary: 'start an aborted rollout again', load: async () => (await import('./act.js')).retry },
  { words: 'pause', summary: 'hold a rollout where it is', load: async () => (await import('./act.js')).pause },
  { words: 'restart', summary: 'replace all pods of a rollout', load: async () => (await import('./act.js')).restart },
  { words: 'undo', summary: 'bring back an earlier revision', load: async () => (await import('./undo.js')).undo },
  { words: 'terminate analysisrun', summary: 'end a running analysis', load: async () => (await import('./terminate.js')).terminate },
  { words: 'terminate experiment', summary: 'end a running experiment', load: async () => (await import('./terminate.js')).terminateExperiment },
  { words: 'retry experiment', summary: 'let an experiment begin again', load: async () => (await import('./terminate.js')).retryExperiment },
  {
    words: 'create analysisrun',
    summary: 'measure now what a template describes',
    load: async () => (await import('./create-analysis-run.js')).createAnalysisRun,
  },
  { words: 'create', summary: 'create what files describe', load: async () => (await import('./create.js')).create },
  { words: 'explain', summary: 'say why a rollout is where it is', load: async () => (await import('./explain.js')).explain },
  { words: 'lint', summary: 'say what is wrong with a rollout in a file', load: async () => (await import('./lint.js')).lint },
  { words: 'set image', summary: 'release another image', load: async () => (await import('./set-image.js')).setImage },
  { words: 'status', summary: 'wait until a rollout is healthy', load: async () => (await import('./status.js')).status },
  { words: 'snapshot', summary: 'write a rollout down, for a chat or a hand-over', load: async () => (await import('./snapshot.js')).snapshot },
  { words: 'config', summary: 'show the settings that hold, and where each comes from', load: async () => (await import('./config.js')).config },
  { words: 'dashboard', summary: 'say what there is in place of the web page', load: async () => (await import('./elsewhere.js')).dashboard },
  { words: 'notifications', summary: 'try triggers and templates of notifications', load: async () => (await import('./notifications.js')).notifications },
  { words: 'completion', summary: 'print the completion script of a shell', load: async () => (await import('./completion.js')).completion },
  { words: 'eval', summary: 'try a condition of an analysis template', load: async () => (await import('./eval-command.js')).evalCommand },
  { words: 'version', summary: 'print the version', load: async () => (await import('./version.js')).version },
];

/** Shorter ways to say a verb. */
const ALIASES: Readonly<Record<string, string>> = {
  retry: 'retry rollout',
  'get rollouts': 'get rollout',
  'terminate ar': 'terminate analysisrun',
  'terminate analysis': 'terminate analysisrun',
  'create ar': 'create analysisrun',
  'terminate exp': 'terminate experiment',
  'get exp': 'get experiment',
  'list exp': 'list experiments',
  'list experiment': 'list experiments',
  'get ro': 'get rollout',
  'list rollout': 'list rollouts',
  'list ro': 'list rollouts',
};

/** The verb at the start of the words and what follows it; undefined when there is none. */
export function findCommand(words: readonly string[]): { readonly entry: Entry; readonly rest: readonly string[] } | undefined {
  for (const count of [2, 1]) {
    const said = words.slice(0, count).join(' ');
    const entry = COMMANDS.find((candidate) => candidate.words === (ALIASES[said] ?? said));
    if (entry !== undefined && words.length >= count) return { entry, rest: words.slice(count) };
  }
  return undefined;
}

const VERB_COLUMN = 23;

/** The verbs that begin with this word, where it is not a verb alone ("get"); empty when there are none. */
export function verbsOf(word: string | undefined): readonly string[] {
  return COMMANDS.map(({ words }) => words).filter((words) => words.startsWith(`${word} `));
}

export function overview(): string {
  const lines = COMMANDS.map(({ words, summary }) => `  ${words.padEnd(VERB_COLUMN)}${summary}`);
  return `Sluice watches rollouts and drives them.

Usage:
  sluice [flags]        open the console on the current context of the kubeconfig
  sluice COMMAND ...

Commands:
${lines.join('\n')}

Console flags:
  --context NAME      a context of the kubeconfig; several times: all of them in one list
  -n NS[,NS...]       only these namespaces; --kubeconfig FILE; --as USER, --as-group GROUP, --as-uid UID: in the name of others
  --server URL, --token TOKEN, --cluster NAME, --user NAME, --client-certificate FILE, --client-key FILE, --certificate-authority FILE,
  --tls-server-name NAME, --insecure-skip-tls-verify, --request-timeout T: as kubectl has them, for one context
${[...SETTING_FLAG_HELP, DEBUG_LOG_HELP, AWS_FLAG_HELP].join('\n').replaceAll(/^ {4}/gm, '  ')}

\`sluice COMMAND --help\` tells more, with an example.
`;
}
