// What modules of users' own bring to the engine beside its built-in routers, metric providers and steps. Loaded by the app, before
// anything is driven; here they are used like the built-in ones.

import type { KnownPlugins } from '../decide/rollout/observed.js';
import type { StepAnswer, StepCall } from '../decide/rollout/step-plugins.js';
import type { Provider } from '../providers/provider.js';
import type { Router } from '../routers/router.js';
import type { ResourceType } from '../kinds/resource-type.js';

/** One step of a canary that a module takes. Each may be asked again for the same work: an answer can be lost with its engine. */
export interface StepPlugin {
  /** Begins or goes on. While it answers Running it is asked again. */
  run(call: StepCall): Promise<StepAnswer>;
  /** The update was aborted: takes back what `run` did. */
  abort?(call: StepCall): Promise<StepAnswer>;
  /** The update goes past the step while it still runs. */
  terminate?(call: StepCall): Promise<StepAnswer>;
}

/** By the names that manifests use ("acme/mesh"). */
export type Plugins = {
  readonly routers: ReadonlyMap<string, Router>;
  /** The kinds that the routers read, to be watched once a rollout names one. */
  readonly routeTypes: readonly ResourceType[];
  readonly providers: ReadonlyMap<string, Provider>;
  readonly steps: ReadonlyMap<string, StepPlugin>;
  /** Why a module that the settings name can not be used: a sentence. */
  readonly problems: ReadonlyMap<string, string>;
};

export const NO_PLUGINS: Plugins = { routers: new Map(), routeTypes: [], providers: new Map(), steps: new Map(), problems: new Map() };

export function knownPlugins({ routers, providers, steps, problems }: Plugins): KnownPlugins {
  return { routers: [...routers.keys()], metrics: [...providers.keys()], steps: [...steps.keys()], problems: Object.fromEntries(problems) };
}
