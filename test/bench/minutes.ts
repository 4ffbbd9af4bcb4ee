// A minute of the console on a pty of 200x50: beside fifty rollouts at rest, and in the demo while it releases.

import { PtyProgram } from '../support/pty.js';
import { bareEnvironment, MAIN, startServer, temporaryFolder, until } from '../support/sluice.js';
import { cpuMs } from './processor.js';

export type Minute = { readonly bytes: number; /** NaN where /proc is not. */ readonly cpuMs: number };

const MINUTE_MS = 60_000;
const ROLLOUTS = 50;

const manifest = (place: number): string => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: rest-${place}}
spec:
  replicas: 1
  selector: {matchLabels: {app: rest-${place}}}
  template:
    metadata: {labels: {app: rest-${place}}}
    spec: {containers: [{name: main, image: "bench.test/rest:1"}]}
  strategy: {canary: {steps: [{setWeight: 20}, {pause: {}}]}}
`;

async function watchMinute(program: PtyProgram): Promise<Minute> {
  const before = { bytes: program.bytes, cpuMs: cpuMs(program.pid) };
  await new Promise((resolve) => { setTimeout(resolve, MINUTE_MS); });
  return { bytes: program.bytes - before.bytes, cpuMs: cpuMs(program.pid) - before.cpuMs };
}

export async function measureMinutes(): Promise<{ readonly idle: Minute; readonly demo: Minute }> {
  const folder = temporaryFolder();
  const server = await startServer(Array.from({ length: ROLLOUTS }, (_, place) => manifest(place)).join('---\n'));
  const environment = bareEnvironment({ XDG_RUNTIME_DIR: folder.path, LANG: 'C.UTF-8' });
  const open = (...words: string[]): PtyProgram => new PtyProgram(process.execPath, [MAIN, ...words], { columns: 200, rows: 50, whole: true, environment });
  const idle = open('--kubeconfig', server.kubeconfig);
  const demo = open('demo');
  try {
    await until('the rollouts to be healthy', async () => (await server.run('list', 'rollouts')).stdout.match(/ Healthy /g)?.length === ROLLOUTS, MINUTE_MS);
    await idle.waitFor((grid) => grid.text.includes('healthy') && !grid.text.includes('progressing'), MINUTE_MS);
    await demo.waitFor(/default\/myapp/);
    const [idleMinute, demoMinute] = await Promise.all([watchMinute(idle), watchMinute(demo)]);
    return { idle: idleMinute, demo: demoMinute };
  } finally {
    idle.kill('SIGTERM');
    demo.kill('SIGTERM');
    await Promise.all([idle.exited, demo.exited]);
    await server.stop();
    folder.remove();
  }
}
