// One metric measured from end to end: an AnalysisRun on a scripted cluster, its controller, an imagined clock, and real requests.

import { createAnalysisRunReconciler, type AnalysisRunOptions } from '../../src/controllers/analysis-run.js';
import { startControllers } from '../../src/controllers/loop.js';
import { asAnalysisRun, isCompleted, type AnalysisRun } from '../../src/kinds/analysis-run.js';
import { ANALYSIS_RUN, EVENT, SECRET } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import type { HttpSend } from '../../src/lib/http.js';
import { createRng } from '../../src/lib/rng.js';
import { scriptedCluster } from '../cluster/scripted-cluster.js';
import { NOW, type Secrets } from '../conformance/provider.js';

const ENGINE = 'engine';
const LONGEST_RUN_MS = 600_000;

/** `written` is all that anybody can read afterwards: runs, events and the engine's log. */
export type Analysed = { readonly run: AnalysisRun; readonly written: string };

export async function analyse(http: HttpSend, metric: Readonly<Record<string, unknown>>, options: { readonly secrets?: Secrets } & Pick<AnalysisRunOptions, 'cloudWatch'>): Promise<Analysed> {
  const cluster = scriptedCluster();
  const clock = new VirtualClock(NOW);
  for (const [name, texts] of Object.entries(options.secrets ?? {})) {
    const data = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
    cluster.put(SECRET, { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: ENGINE }, data });
  }
  cluster.put(ANALYSIS_RUN, { apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', metadata: { name: 'r', namespace: 'shop' }, spec: { metrics: [{ name: 'm', interval: '1m', count: 1, consecutiveErrorLimit: 0, ...metric }] } });
  let underWay = 0;
  const counted = <Call extends readonly unknown[], T>(ask: (...call: Call) => Promise<T>) => (...call: Call): Promise<T> => {
    underWay += 1;
    return ask(...call).finally(() => { underWay -= 1; });
  };
  const { cloudWatch } = options;
  const reconcilers = [createAnalysisRunReconciler({ http: counted(http), environment: { POD_NAMESPACE: ENGINE }, utcOffsetMinutes: () => 0, ...(cloudWatch === undefined ? {} : { cloudWatch: counted(cloudWatch) }) })];
  const lines: string[] = [];
  const loop = startControllers({ cluster, reconcilers, clock, rng: createRng(7), log: (line) => lines.push(line) });
  const run = (): AnalysisRun => asAnalysisRun(cluster.all(ANALYSIS_RUN)[0] ?? { apiVersion: '', kind: '', metadata: { name: '' } });
  while (!isCompleted(run().status?.phase) && clock.now() < NOW + LONGEST_RUN_MS) {
    await new Promise((resolve) => { setImmediate(resolve); });
    // Time stands still while a request is on its way.
    if (underWay === 0) await clock.runUntil(clock.now() + 500);
  }
  const ended = run();
  const stopped = loop.stop();
  await clock.runUntil(clock.now() + 10_000);
  await stopped;
  return { run: ended, written: JSON.stringify([cluster.all(ANALYSIS_RUN), cluster.all(EVENT), lines]) };
}
