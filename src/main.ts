// The program: hands its arguments to the command line.

import { main } from './app/start.js';

process.exitCode = await main(process.argv.slice(2));
