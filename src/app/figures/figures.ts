// The engine's figures for Prometheus, all together: of objects, of its work, of its requests, and of this process. Loaded only where they
// are asked for.

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Exchange } from '../../cluster/transport.js';
import type { WorkFigures } from '../../controllers/figures.js';
import type { CacheReader } from '../../controllers/reconciler.js';
import type { Result } from '../../lib/result.js';
import { COMPATIBLE_ARGO, VERSION } from '../version.js';
import { createObjectFigures } from './objects.js';
import { countRequests } from './requests.js';
import { type FiguresServer, type ListenAddress, serveFigures } from './server.js';
import { createWorkFigures } from './work.js';

export type FiguresOptions = {
  /** What the engine knows of the cluster; undefined while it does not lead. */
  readonly cache: () => CacheReader | undefined;
  readonly instanceId: string;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
};

export interface Figures {
  /** To be told of the engine's work. */
  readonly work: WorkFigures;
  /** To be told of each request to the API server. */
  exchanged(exchange: Exchange): void;
  /** The text that Prometheus reads. Who asks while it is being made gets the same. */
  text(): Promise<string>;
  serve(address: ListenAddress): Promise<Result<FiguresServer, string>>;
}

/** How often the event loop is looked at: every 10 ms, as the library would, costs an idle engine more than all else. */
const LOOP_WATCH_MS = 100;

export function createFigures(options: FiguresOptions): Figures {
  const registry = new Registry();
  const objects = createObjectFigures(registry, options.instanceId, turn);
  const work = createWorkFigures({ ...options, registry });
  const exchanged = countRequests(registry);
  tellOfProgram(registry);
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_WATCH_MS });
  const render = async (): Promise<string> => {
    await objects.read(options.cache());
    work.read();
    const parts: string[] = [];
    for (const { name } of registry.getMetricsAsArray()) {
      parts.push(await registry.getSingleMetricAsString(name));
      await turn();
    }
    return `${parts.join('\n\n')}\n`;
  };
  let rendering: Promise<string> | undefined;
  const text = (): Promise<string> => {
    rendering ??= render().finally(() => {
      rendering = undefined;
    });
    return rendering;
  };
  return { work, exchanged, text, serve: (address) => serveFigures(address, { contentType: registry.contentType, text }) };
}

/** Lets the engine have its turn. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

const GO_ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** The version that this engine is compatible with stands first, as those who read it compare it; what it is follows, as semver's build. */
function tellOfProgram(registry: Registry): void {
  const { version: node, arch } = process;
  new Gauge({
    name: 'argo_rollouts_controller_info',
    help: 'The version of Argo Rollouts that this engine does as, and its own.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: `${COMPATIBLE_ARGO}+sluice.${VERSION}` }, 1);
  new Gauge({
    name: 'build_info',
    help: 'What the engine is and runs on; the commit is not known.',
    labelNames: ['version', 'goversion', 'goarch', 'commit'],
    registers: [registry],
  }).set({ version: VERSION, goversion: `node${node.slice(1)}`, goarch: GO_ARCHITECTURES[arch] ?? arch, commit: '' }, 1);
}
