// Asks the step plugins that a pass needs to hear from, before it decides. What goes wrong with one is its answer: the step tries again.

import type { Answered, StepAnswer, StepCall } from '../decide/rollout/step-plugins.js';
import type { Plugins } from './plugins.js';
import type { ControllerIo } from './reconciler.js';

const METHODS = { Run: 'run', Abort: 'abort', Terminate: 'terminate' } as const;

export async function takeSteps(calls: readonly StepCall[], plugins: Plugins, io: ControllerIo, signal: AbortSignal): Promise<readonly Answered[]> {
  const answered: Answered[] = [];
  // One after the other: an abort takes back the newest first.
  for (const call of calls) {
    if (signal.aborted) return answered;
    answered.push({ call, answer: await take(call, plugins, io) });
  }
  return answered;
}

async function take(call: StepCall, plugins: Plugins, io: ControllerIo): Promise<StepAnswer> {
  const plugin = plugins.steps.get(call.name);
  if (plugin === undefined) return { phase: 'Error', message: `this engine has no step plugin '${call.name}'` };
  const method = plugin[METHODS[call.operation]];
  if (method === undefined) return { phase: 'Successful' };
  const answer = await method(call);
  if (answer.phase === 'Error') io.log(`step plugin ${call.name}: ${answer.message ?? 'failed without a reason'}`);
  return answer;
}
