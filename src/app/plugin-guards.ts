// Between the engine and a module of the user's own: what it brings is looked at before it is used, what it throws becomes a sentence,
// and what does not answer is not waited for. The functions of a router answer at once, as the built-in ones do.

import type { StepAnswer, StepCall } from '../decide/rollout/step-plugins.js';
import type { StepPlugin } from '../controllers/plugins.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { Route, RouteProblem } from '../kinds/traffic.js';
import { type Clock, within } from '../lib/clock.js';
import { isRecord } from '../lib/deep.js';
import { err, ok, type Result } from '../lib/result.js';
import type { Provider, ProviderAnswer } from '../providers/provider.js';
import type { PlannedChange, Router } from '../routers/router.js';

/** A measurement, or one turn of a step, that has not come to an answer by then is an error; it is tried again. */
const ANSWER_LIMIT_MS = 30_000;

const text = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));

/** Why the export is not of that shape; undefined when it has all these functions. */
function shapeProblem(what: string, value: unknown, functions: readonly string[], optional: readonly string[] = []): string | undefined {
  if (!isRecord(value)) return `its ${what} is not an object`;
  const missing = functions.filter((name) => typeof value[name] !== 'function');
  if (missing.length > 0) return `its ${what} has no function ${missing.join(', ')}`;
  const wrong = optional.find((name) => value[name] !== undefined && typeof value[name] !== 'function');
  return wrong === undefined ? undefined : `its ${what} has a ${wrong} that is no function`;
}

function typeProblem(type: unknown): string | undefined {
  const fields = ['group', 'version', 'kind', 'plural'];
  return isRecord(type) && fields.every((field) => typeof type[field] === 'string') ? undefined : `its router has types without ${fields.join(', ')}`;
}

/** As a module may write it. */
type GivenType = Pick<ResourceType, 'group' | 'version' | 'kind' | 'plural'> & Partial<ResourceType>;

function completeType(type: GivenType): ResourceType {
  return { singular: type.kind.toLowerCase(), shortNames: [], categories: [], namespaced: true, ...type };
}

/** Of a router that has been guarded. */
export function routeTypesOf(router: unknown): readonly ResourceType[] {
  return isRecord(router) && Array.isArray(router['types']) ? (router['types'] as GivenType[]).map(completeType) : [];
}

export function guardRouter(name: string, value: unknown): Result<Router, string> {
  const problem = shapeProblem('router', value, ['needs', 'read', 'plan']);
  if (problem !== undefined) return err(problem);
  const types = (value as { readonly types?: unknown }).types;
  const wrong = Array.isArray(types)
    ? types.map(typeProblem).find((each) => each !== undefined)
    : 'its router has no list types: the kinds of the objects that it reads';
  if (wrong !== undefined) return err(wrong);
  const router = value as Router;
  const fault = (reason: string): RouteProblem => ({ type: 'route-problem', field: 'spec.strategy.canary.trafficRouting.plugins', value: name, reason });
  const guarded = <T>(call: () => T, fits: (answer: T) => boolean, wanted: string): T | RouteProblem => {
    try {
      const answer = call();
      if (isRecord(answer) && typeof answer['then'] === 'function') return fault(`router plugin '${name}' answers with a promise; it must answer at once`);
      if (isRecord(answer) && answer['type'] === 'route-problem') return fault(String(answer['reason']));
      return fits(answer) ? answer : fault(`router plugin '${name}' answers with ${wanted} of another shape`);
    } catch (thrown) {
      return fault(`router plugin '${name}' failed: ${text(thrown)}`);
    }
  };
  return ok({
    name: `plugins.${name}`,
    needs(rollout) {
      const refs = guarded(() => router.needs(rollout), areRefs, 'a list of objects');
      return 'type' in refs ? [] : refs.map((ref) => ({ ...ref, type: completeType(ref.type) }));
    },
    read(rollout, objects) {
      const needed = guarded(() => router.needs(rollout), areRefs, 'a list of objects');
      if ('type' in needed) return needed;
      const route = guarded(() => router.read(rollout, objects), isRoute, 'a route');
      return route.type === 'route-problem' ? route : { ...route, router: name, referencedHashes: (route as Partial<Route>).referencedHashes ?? [] };
    },
    plan(rollout, objects, wanted) {
      const plan = guarded(() => router.plan(rollout, objects, wanted), arePlanned, 'a list of changes');
      return 'type' in plan ? plan : plan.map(completeChange);
    },
  });
}

function completeChange({ change, notes = [] }: { readonly change: PlannedChange['change']; readonly notes?: PlannedChange['notes'] }): PlannedChange {
  const ref = { ...change.ref, type: completeType(change.ref.type) };
  return { change: { ...change, ref }, notes };
}

const areRefs = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((ref: unknown) => isRecord(ref) && typeof ref['name'] === 'string' && typeProblem((ref as Partial<ObjectRef>).type) === undefined);

const isSplit = (split: unknown): boolean =>
  isRecord(split) &&
  ['object', 'place'].every((field) => typeof split[field] === 'string') &&
  ['canary', 'stable', 'other'].every((field) => Number.isFinite(split[field]));

const isRoute = (value: unknown): boolean => isRecord(value) && value['type'] === 'route' && Array.isArray(value['splits']) && value['splits'].every(isSplit);

const CHANGES: readonly unknown[] = ['create', 'update', 'patch', 'delete'];

const arePlanned = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((each: unknown) => isRecord(each) && isRecord(each['change']) && CHANGES.includes(each['change']['type']) && areRefs([each['change']['ref']]));

/** The answer, or the sentence why there is none in time. */
async function answerOf<T>(clock: Clock, call: () => Promise<T>): Promise<Result<T, string>> {
  const answering = async (): Promise<Result<T, string>> => ok(await call());
  try {
    return (await within(clock, ANSWER_LIMIT_MS, answering())) ?? err(`has not answered within ${ANSWER_LIMIT_MS / 1000} s`);
  } catch (thrown) {
    return err(`failed: ${text(thrown)}`);
  }
}

export function guardProvider(name: string, value: unknown, clock: Clock): Result<Provider, string> {
  const problem = shapeProblem('provider', value, ['measure'], ['resume', 'terminate', 'describe']);
  if (problem !== undefined) return err(problem);
  const provider = value as Provider;
  const guard = async (call: () => Promise<unknown>): Promise<Result<ProviderAnswer, string>> => {
    const answer = await answerOf(clock, call);
    if (!answer.ok) return err(`metric plugin '${name}' ${answer.error}`);
    const shape = '{ ok, value: { result, text } } or { ok, error }';
    if (!isMeasured(answer.value)) return err(`metric plugin '${name}' answers in another shape than ${shape}`);
    const endless = answer.value.ok && answer.value.value.phase === 'Running' && provider.resume === undefined;
    return endless ? err(`metric plugin '${name}' answers with the phase Running and has no function resume`) : answer.value;
  };
  return ok({
    name,
    measure: (spec, io, signal) => guard(() => provider.measure(spec, io, signal)),
    ...(typeof provider.resume === 'function' ? { resume: (...call) => guard(() => provider.resume?.(...call) ?? Promise.resolve(undefined)) } : {}),
    ...(typeof provider.terminate === 'function' ? { terminate: (...call) => guard(() => provider.terminate?.(...call) ?? Promise.resolve(undefined)) } : {}),
    ...(provider.describe === undefined ? {} : { describe: (spec: unknown) => described(provider, spec) }),
  } satisfies Provider);
}

function described(provider: Provider, spec: unknown): Readonly<Record<string, string>> {
  try {
    const told: unknown = provider.describe?.(spec);
    return isRecord(told) ? Object.fromEntries(Object.entries(told).map(([key, each]) => [key, String(each)])) : {};
  } catch {
    // What it measures is not lost for want of a description.
    return {};
  }
}

const VALUES: readonly unknown[] = ['json', 'float64', '[]float64'];
const OWN_PHASES: readonly unknown[] = [undefined, 'Running', 'Successful', 'Failed', 'Inconclusive'];

/** Ends with what RFC 3339 can write. */
const YEAR_10000 = 253_402_300_800_000;
const isInstant = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value < YEAR_10000;

function isMeasured(answer: unknown): answer is Result<ProviderAnswer, string> {
  if (!isRecord(answer)) return false;
  if (answer['ok'] === false) return typeof answer['error'] === 'string';
  const { value } = answer;
  if (answer['ok'] !== true || !isRecord(value) || typeof value['text'] !== 'string') return false;
  if (value['result'] === undefined) return OWN_PHASES.includes(value['phase']) && (value['resumeAt'] === undefined || isInstant(value['resumeAt']));
  return isRecord(value['result']) && VALUES.includes(value['result']['type']);
}

const PHASES: readonly unknown[] = ['Running', 'Successful', 'Failed', 'Error'];

export function guardStep(name: string, value: unknown, clock: Clock): Result<StepPlugin, string> {
  const problem = shapeProblem('step', value, ['run'], ['abort', 'terminate']);
  if (problem !== undefined) return err(problem);
  const step = value as StepPlugin;
  const guard =
    (call: (asked: StepCall) => Promise<StepAnswer>) =>
    async (asked: StepCall): Promise<StepAnswer> => {
      const answer = await answerOf(clock, () => call(asked));
      if (!answer.ok) return { phase: 'Error', message: `step plugin '${name}' ${answer.error}` };
      if (!isRecord(answer.value)) return { phase: 'Error', message: `step plugin '${name}' answers with nothing` };
      const { phase, message, status, requeueAfterSeconds } = answer.value;
      const unknown = `step plugin '${name}' answers with the phase ${JSON.stringify(phase)}, none of ${PHASES.join(', ')}`;
      if (!PHASES.includes(phase)) return { phase: 'Error', message: unknown };
      return {
        phase,
        ...(typeof message === 'string' ? { message } : {}),
        ...(isRecord(status) ? { status } : {}),
        ...(Number.isFinite(requeueAfterSeconds) ? { requeueAfterSeconds: Number(requeueAfterSeconds) } : {}),
      };
    };
  return ok({
    run: guard((call) => step.run(call)),
    ...(step.abort === undefined ? {} : { abort: guard((call) => step.abort?.(call) ?? Promise.resolve({ phase: 'Successful' })) }),
    ...(step.terminate === undefined ? {} : { terminate: guard((call) => step.terminate?.(call) ?? Promise.resolve({ phase: 'Successful' })) }),
  });
}
