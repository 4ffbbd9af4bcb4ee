// `npm run test:cluster` starts a control plane, runs the suites that want a real one, and stops it.
// `npm run test:cluster -- up [--kubeconfig FILE]` only starts one, and leaves it running until Ctrl-C.

import { copyFile, rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import { routeDefinitions } from '../../src/kinds/route-definitions.js';
import { type ControlPlane, startControlPlane } from './control-plane.js';
import { runProgram } from './processes.js';
import { buildTools } from './tools.js';

/** What `.tools/test.mjs` is given for each suite, in the order in which they run. */
const SUITES: Readonly<Record<string, readonly string[]>> = {
  conformance: ['conformance/cluster', 'conformance/api', 'conformance/wire', 'conformance/kubelet'],
  kubectl: ['apiserver/http/kubectl.test'],
  'kubectl-versions': ['--long', 'apiserver/http/kubectl-versions'],
  scenarios: ['--cluster', 'scenarios'],
};

const USAGE = 'usage: npm run test:cluster [-- SUITE...] | npm run test:cluster -- up [--kubeconfig FILE]\n';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => ending.abort(new Error(`ended by ${name}`)));
const { signal } = ending;

async function start(): Promise<ControlPlane> {
  const tools = await buildTools(say, signal);
  const begin = performance.now();
  const plane = await startControlPlane({ tools, definitions: [...customResourceDefinitions(), ...routeDefinitions()], signal });
  say(`control plane ready after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  return plane;
}

/** Runs until it is told to end. */
async function up(kubeconfig: string | undefined): Promise<number> {
  const plane = await start();
  if (kubeconfig !== undefined) await copyFile(plane.kubeconfig, kubeconfig);
  say(`logs in ${plane.folder}\nexport KUBECONFIG=${kubeconfig ?? plane.kubeconfig}`);
  await new Promise((resolve) => { signal.addEventListener('abort', resolve, { once: true }); });
  if (kubeconfig !== undefined) await rm(kubeconfig, { force: true });
  await plane.stop();
  return 0;
}

async function test(suites: readonly string[]): Promise<number> {
  const plane = await start();
  let failed = 0;
  try {
    for (const suite of suites) {
      say(`\n${suite}`);
      const args = ['.tools/test.mjs', ...(SUITES[suite] ?? [])];
      const ended = await runProgram(process.execPath, args, { cwd: process.env['SLUICE_ROOT'] ?? '.', environment: { KUBECONFIG_TEST: plane.kubeconfig }, signal });
      if (ended !== 0) failed += 1;
    }
  } finally {
    await plane.stop();
  }
  return failed === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { kubeconfig: { type: 'string' } } });
  if (positionals[0] === 'up' && positionals.length === 1) return up(values.kubeconfig);
  const unknown = positionals.find((word) => SUITES[word] === undefined);
  if (unknown !== undefined || values.kubeconfig !== undefined) {
    process.stderr.write(`${unknown === undefined ? '--kubeconfig belongs to "up"' : `"${unknown}" is no suite; there are: ${Object.keys(SUITES).join(', ')}`}\n${USAGE}`);
    return 2;
  }
  return test(positionals.length > 0 ? positionals : Object.keys(SUITES));
}

try {
  process.exitCode = await main();
} catch (fault) {
  process.stderr.write(`Error: ${fault instanceof Error ? fault.message : String(fault)}\n`);
  process.exitCode = 1;
}
