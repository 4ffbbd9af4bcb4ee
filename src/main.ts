// The program: hands its arguments to the command line.

import { endProcess, main } from './app/start.js';

endProcess(await main(process.argv.slice(2)));
