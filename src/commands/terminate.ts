// `sluice terminate analysisrun NAME`: ends a run now; what it has measured so far counts.

import { performChange } from '../controllers/apply.js';
import { terminate as terminateRun } from '../decide/analysis/commands.js';
import { ANALYSIS_RUN } from '../kinds/resource-type.js';
import { FIELD_MANAGER } from './act.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, oneOperand, readFlags } from './arguments.js';
import type { Command } from './command.js';
import { connect, errorText, type Target } from './connect.js';

async function problemOf({ cluster, namespace }: Target, name: string): Promise<string | undefined> {
  const run = await cluster.get({ type: ANALYSIS_RUN, namespace, name });
  if (!run.ok) return errorText(run.error);
  const commanded = terminateRun(run.value, 'plain');
  if ('type' in commanded) return commanded.reason;
  for (const change of commanded) {
    const answer = await performChange(cluster, change, FIELD_MANAGER);
    if (!answer.ok) return errorText(answer.error);
  }
  return undefined;
}

export const terminate: Command = {
  words: 'terminate analysisrun',
  summary: 'End a running analysis; what it has measured so far counts.',
  operands: 'NAME',
  flags: [...CLUSTER_FLAG_HELP],
  examples: ['sluice terminate analysisrun myapp-7f69d85bbf-2'],
  async run(words, io) {
    const flags = readFlags(words, CLUSTER_FLAGS);
    const name = oneOperand(flags, 'the name of an analysis run');
    const target = await connect(flags, io);
    const problem = target.ok ? await problemOf(target.value, name) : target.error;
    if (problem !== undefined) {
      io.stderr(`Error: ${problem}\n`);
      return 1;
    }
    io.stdout(`analysisRun '${name}' terminated\n`);
    return 0;
  },
};
