// `sluice eval`: tries a condition of an analysis template, or answers a stream of cases.

import type { Command } from './command.js';
import { runEval } from './eval.js';

export const evalCommand: Command = {
  words: 'eval',
  summary: "Evaluate a condition of the analysis templates' language, and say its value and verdict.",
  operands: "'EXPR' --result JSON | --jsonl",
  flags: [
    '    --result JSON  what the metric source has brought',
    '    --jsonl        read cases from standard input, one JSON object a line, and answer each with a line',
  ],
  examples: ["sluice eval 'result[0] >= 0.95' --result '[0.97]'", 'sluice eval --jsonl < cases.jsonl'],
  run: (words, io) => runEval([...words], { stdin: io.stdin, stdout: io.stdout, stderr: io.stderr, now: io.clock.now() }),
};
