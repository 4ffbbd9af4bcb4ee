// `sluice terminate analysisrun|experiment NAME` ends one now, and what it has measured so far counts;
// `sluice retry experiment NAME` lets one begin again.

import { retryExperiment as retryOne, terminate as terminateOne } from '../decide/analysis/commands.js';
import type { Change, Refusal } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { ANALYSIS_RUN, EXPERIMENT, type ResourceType } from '../kinds/resource-type.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, type Flags, oneOperand, readFlags } from './arguments.js';
import type { Command, CommandIo } from './command.js';
import { connect, errorText, type Target } from './connect.js';
import { performRecorded } from './perform.js';
import { ACT_FLAG_HELP, ACT_FLAGS } from './setting-flags.js';

type Asked = (object: KubeObject) => readonly Change[] | Refusal;

async function problemOf(target: Target, { words, type, asked }: Verb, name: string, flags: Flags, io: CommandIo): Promise<string | undefined> {
  const { cluster, namespace } = target;
  const found = await cluster.get({ type, namespace, name });
  if (!found.ok) return errorText(found.error);
  const commanded = asked(found.value);
  if ('type' in commanded) return commanded.reason;
  const [word = '', kind = ''] = words.split(' ');
  const done = await performRecorded(target, flags, io, commanded, { action: `${kind}.${word}`, words: `${words} ${namespace}/${name}`, object: found.value });
  return done.ok ? undefined : errorText(done.error);
}

type Verb = {
  readonly words: string;
  readonly summary: string;
  readonly type: ResourceType;
  readonly what: string;
  readonly asked: Asked;
  /** What is printed, with NAME for the name. */
  readonly done: string;
  readonly example: string;
};

function verbCommand(verb: Verb): Command {
  const { words, summary, what, done, example } = verb;
  return {
    words,
    summary,
    operands: 'NAME',
    flags: [...CLUSTER_FLAG_HELP, ...ACT_FLAG_HELP],
    examples: [`sluice ${words} ${example}`],
    async run(given, io) {
      const flags = readFlags(given, { ...CLUSTER_FLAGS, ...ACT_FLAGS });
      const name = oneOperand(flags, `the name of an ${what}`);
      const target = await connect(flags, io);
      const problem = target.ok ? await problemOf(target.value, verb, name, flags, io) : target.error;
      if (problem !== undefined) {
        io.stderr(`Error: ${problem}\n`);
        return 1;
      }
      io.stdout(`${done.replace('NAME', name)}\n`);
      return 0;
    },
  };
}

export const terminate = verbCommand({
  words: 'terminate analysisrun',
  summary: 'End a running analysis; what it has measured so far counts.',
  type: ANALYSIS_RUN,
  what: 'analysis run',
  asked: (object) => terminateOne(object, 'plain'),
  done: "analysisRun 'NAME' terminated",
  example: 'myapp-7f69d85bbf-2',
});

export const terminateExperiment = verbCommand({
  words: 'terminate experiment',
  summary: 'End a running experiment; its pods go, and what its analyses have measured so far counts.',
  type: EXPERIMENT,
  what: 'experiment',
  asked: (object) => terminateOne(object, 'plain'),
  done: "experiment 'NAME' terminated",
  example: 'myapp-7f69d85bbf-2-0',
});

export const retryExperiment = verbCommand({
  words: 'retry experiment',
  summary: 'Let an experiment begin again, with new pods and new analyses.',
  type: EXPERIMENT,
  what: 'experiment',
  asked: retryOne,
  done: "experiment 'NAME' retried",
  example: 'myapp-7f69d85bbf-2-0',
});
