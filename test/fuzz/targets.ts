// Everything that parses, by the room that reads it. A parser that is not here is not fuzzed: add it with its good samples.

import type { Target } from './target.js';
import { CONSOLE_TARGETS } from './targets-console.js';
import { ENGINE_TARGETS } from './targets-engine.js';
import { LIB_TARGETS } from './targets-lib.js';
import { SERVER_TARGETS } from './targets-server.js';

export const TARGETS: readonly Target[] = [...LIB_TARGETS, ...SERVER_TARGETS, ...ENGINE_TARGETS, ...CONSOLE_TARGETS];
