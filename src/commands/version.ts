// `sluice version`: of this program, and of the Argo Rollouts that it is compatible with.

import { COMPATIBLE_ARGO, VERSION } from '../app/version.js';
import { readFlags } from './arguments.js';
import type { Command } from './command.js';

export const version: Command = {
  words: 'version',
  summary: 'Print the version.',
  operands: '',
  flags: ['--short   the number alone'],
  examples: ['sluice version'],
  run(words, io) {
    const flags = readFlags(words, { short: { type: 'boolean' } });
    io.stdout(flags.on('short') ? `${VERSION}\n` : `sluice ${VERSION} (compatible with Argo Rollouts ${COMPATIBLE_ARGO}, Node ${process.versions.node})\n`);
    return Promise.resolve(0);
  },
};
