// `sluice explain NAME`: why a rollout is where it is, from the same decision as the console's screen.

import { type ReadAll, readWorld } from './read-world.js';
import { type Explanation, explainWhole } from '../console/explain/explanation.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, oneOf, oneOperand, readFlags } from './arguments.js';
import type { Command } from './command.js';
import { connect } from './connect.js';
import { nameOf } from '../console/rollout-key.js';
import { sanitise } from '../lib/text-width.js';

const LABEL = 9;

function explanationText(key: string, phase: string, found: Explanation): string {
  const line = (label: string, text: string): string => `${label.padEnd(LABEL)}${sanitise(text)}`;
  return [
    line('Rollout:', key),
    line('Phase:', phase),
    line('Cause:', found.cause),
    line('Why:', found.sentence),
    line('Next:', found.act.words),
    ...(found.evidence.length === 0 ? [] : ['Evidence:', ...found.evidence.map(({ about, text }) => `  ${sanitise(about)}: ${sanitise(text)}`)]),
    ...(found.also.length === 0 ? [] : ['Also:', ...found.also.map(({ cause, sentence }) => `  ${cause}: ${sanitise(sentence)}`)]),
    '',
  ].join('\n');
}

function explanationJson(read: ReadAll, found: Explanation): string {
  const { facts } = read;
  const { cause, level, sentence, evidence, act, also } = found;
  return `${JSON.stringify({ namespace: facts.namespace, name: facts.name, phase: facts.phase, cause, level, sentence, next: act.words, evidence, also }, undefined, 2)}\n`;
}

export const explain: Command = {
  words: 'explain',
  summary: 'Say why a rollout is where it is: the cause with a stable name, the evidence, the next safe act.',
  operands: 'NAME',
  flags: [...CLUSTER_FLAG_HELP, '-o, --output FORMAT      text or json (default: text)'],
  examples: ['sluice explain reviews-rollout -n bookinfo', 'sluice explain myapp -o json'],
  async run(words, io) {
    const flags = readFlags(words, { ...CLUSTER_FLAGS, output: { type: 'string', short: 'o' } });
    const name = oneOperand(flags, 'the name of a rollout');
    const format = oneOf(flags, 'output', ['text', 'json'], 'text');
    const target = await connect(flags, io);
    if (!target.ok) {
      io.stderr(`Error: ${target.error}\n`);
      return 1;
    }
    const { cluster, namespace } = target.value;
    const read = await readWorld(cluster, namespace, name, io);
    cluster.close();
    if (!read.ok) {
      io.stderr(`Error: ${read.error}\n`);
      return 1;
    }
    const { facts, index, driver, quotas } = read.value;
    const found = explainWhole({
      facts,
      index,
      driver,
      quotas,
      now: io.clock.now(),
      utcOffsetMinutes: -new Date(io.clock.now()).getTimezoneOffset(),
    });
    io.stdout(format === 'json' ? explanationJson(read.value, found) : explanationText(nameOf(facts.key), facts.phase, found));
    return 0;
  },
};
