// Loads the modules that the settings name, when an engine begins to drive and not before. One that can not be used is no reason to
// stop: it is told, and a rollout that names it is refused with the same words.

import { pathToFileURL } from 'node:url';
import type { Plugins, StepPlugin } from '../controllers/plugins.js';
import type { ResourceType } from '../kinds/resource-type.js';
import { isRecord } from '../lib/deep.js';
import { err, ok, type Result } from '../lib/result.js';
import { type Clock, within } from '../lib/clock.js';
import type { Provider } from '../providers/provider.js';
import type { Router } from '../routers/router.js';
import { guardProvider, guardRouter, guardStep, routeTypesOf } from './plugin-guards.js';
import type { PluginSetting } from '../console/settings/rows.js';

/** A module that has not finished loading by then is given up. */
const LOAD_LIMIT_MS = 10_000;

/** What a module may export. */
const EXPORTS = ['router', 'provider', 'step'] as const;

type Loaded = { readonly name: string; readonly module: Result<Readonly<Record<string, unknown>>, string> };

export async function loadPlugins(settings: readonly PluginSetting[], clock: Clock, log: (message: string) => void): Promise<Plugins> {
  const loaded = await Promise.all(settings.map(async ({ name, module }): Promise<Loaded> => ({ name, module: await loadModule(module, clock) })));
  const routers = new Map<string, Router>();
  const providers = new Map<string, Provider>();
  const steps = new Map<string, StepPlugin>();
  const problems = new Map<string, string>();
  const routeTypes: ResourceType[] = [];
  const complain = (name: string, reason: string): void => {
    problems.set(name, reason);
    log(`plugin ${name}: ${reason}`);
  };
  for (const { name, module } of loaded) {
    if (!module.ok) {
      complain(name, module.error);
      continue;
    }
    const { router, provider, step } = module.value;
    const guarded = {
      router: router === undefined ? undefined : guardRouter(name, router),
      provider: provider === undefined ? undefined : guardProvider(name, provider, clock),
      step: step === undefined ? undefined : guardStep(name, step, clock),
    };
    const fault = [guarded.router, guarded.provider, guarded.step].find((each) => each?.ok === false);
    if (fault?.ok === false) {
      complain(name, fault.error);
      continue;
    }
    if (guarded.router?.ok === true) {
      routers.set(name, guarded.router.value);
      routeTypes.push(...routeTypesOf(router));
    }
    if (guarded.provider?.ok === true) providers.set(name, guarded.provider.value);
    if (guarded.step?.ok === true) steps.set(name, guarded.step.value);
  }
  return { routers, routeTypes, providers, steps, problems };
}

async function loadModule(file: string, clock: Clock): Promise<Result<Readonly<Record<string, unknown>>, string>> {
  const loading = import(pathToFileURL(file).href).then(
    (module: unknown) => ok(isRecord(module) ? module : { ...(module as object) }),
    (fault: unknown) => err(loadProblem(file, fault)),
  );
  const module = (await within(clock, LOAD_LIMIT_MS, loading)) ?? err(`${file} has not finished loading within ${LOAD_LIMIT_MS / 1000} s`);
  if (!module.ok) return module;
  if (EXPORTS.some((name) => module.value[name] !== undefined)) return module;
  const there = Object.keys(module.value);
  return err(`${file} exports none of ${EXPORTS.join(', ')}${there.length === 0 ? '' : `, only ${there.join(', ')}`}`);
}

function loadProblem(file: string, fault: unknown): string {
  const { code, message } = isRecord(fault) ? fault : { code: undefined, message: undefined };
  const text = fault instanceof Error ? fault.message : String(message ?? fault);
  if (code === 'ERR_MODULE_NOT_FOUND' && text.includes(`'${file}'`)) return `${file} does not exist`;
  return `${file}: ${text}`;
}
