// A release, told once without anybody meddling to learn its moments; then told again for each moment and each thing that a person can
// do, and on to its end: whatever was done, it comes to rest, and from there a person can still bring it out.

import { ROLLOUT } from '../../src/kinds/resource-type.js';
import type { Instant } from '../../src/lib/instant.js';
import { image, setImage } from '../faults/manifests.js';
import { openStage, specOf } from '../faults/stage.js';
import type { Stage } from '../faults/stage.js';
import { list, plain } from '../scenarios/reduce.js';
import type { Tale } from './tales.js';
import { watchWrites } from './watch.js';
import type { Watching } from './watch.js';

const scale = (by: (replicas: number) => number) => async (stage: Stage): Promise<void> => {
  const rollout = await stage.get(ROLLOUT, 'cart');
  await stage.patch(ROLLOUT, 'cart', { spec: { replicas: by(Number(specOf(rollout)['replicas'] ?? 1)) } });
};

/** What a person can do. One that is not possible at the moment does nothing. */
export const ACTS: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  promote: (stage) => stage.person('promote cart'),
  'promote --full': (stage) => stage.person('promote cart --full'),
  abort: (stage) => stage.person('abort cart'),
  'abort, retry': async (stage) => {
    await stage.person('abort cart');
    await stage.run(0.5);
    await stage.person('retry rollout cart');
  },
  'abort, retry at once': async (stage) => {
    await stage.person('abort cart');
    await stage.person('retry rollout cart');
  },
  retry: (stage) => stage.person('retry rollout cart'),
  'abort, full': async (stage) => {
    await stage.person('abort cart');
    await stage.run(1);
    await stage.person('promote cart --full');
  },
  undo: (stage) => stage.person(setImage('v1')),
  'undo, again': async (stage) => {
    await stage.person(setImage('v1'));
    await stage.run(2);
    await stage.person(setImage('v2'));
  },
  'new image': (stage) => stage.person(setImage('v3')),
  'more replicas': scale((replicas) => replicas + 2),
  'fewer replicas': scale((replicas) => replicas - 1),
  'no replicas': scale(() => 0),
  pause: (stage) => stage.person('pause cart'),
  restart: (stage) => stage.person('restart cart'),
};

const REST_SECONDS = 150;
/** A release of these steps, and all delays after it. */
const LONGEST_SECONDS = 400;
/** Where nothing is written for longer, somebody might act in between. */
const LONG_GAP_MS = 4000;

export type Moment = { readonly ending: 'promoted' | number; readonly at: Instant };

/** Goes on with the release as the tale has it, from its beginning until nothing is to come. */
async function tell(stage: Stage, ending: 'promoted' | number, until: Instant): Promise<void> {
  let gate = 0;
  let acted = '';
  while (stage.clock.now() < until) {
    await stage.clock.runUntil(Math.min(until, stage.clock.now() + 250));
    const status = await stage.status();
    const waiting = list(status['pauseConditions']).length > 0 && status['phase'] === 'Paused' && status['currentPodHash'] !== status['stableRS'];
    const place = JSON.stringify(status['pauseConditions']);
    if (!waiting || acted === place || stage.clock.now() >= until) continue;
    await stage.run(1.5);
    if (stage.clock.now() >= until) return;
    acted = place;
    await stage.person(ending === gate ? 'abort cart' : 'promote cart');
    gate += 1;
  }
}

async function released(tale: Tale): Promise<{ readonly stage: Stage; readonly watching: Watching }> {
  const stage = await openStage();
  await stage.create(...tale.objects);
  await stage.untilPhase('Healthy');
  await stage.run(5);
  const watching = watchWrites(stage.store, () => stage.clock.now());
  await stage.person(setImage('v2'));
  return { stage, watching };
}

/** The instants just after each change, and in the middle of each long wait. */
export async function momentsOf(tale: Tale): Promise<readonly Moment[]> {
  const moments: Moment[] = [];
  for (const ending of tale.endings) {
    const { stage, watching } = await released(tale);
    await tell(stage, ending, stage.clock.now() + 60_000);
    watching.close();
    const times = [...watching.changedAt];
    await stage.stop();
    const all = times.flatMap((at, index) => {
      const next = times[index + 1] ?? at + 2 * LONG_GAP_MS;
      return next - at > LONG_GAP_MS ? [at, at + (next - at) / 2] : [at];
    });
    moments.push(...all.map((at) => ({ ending, at: Math.floor(at) + 1 })));
  }
  return moments;
}

/** Rest: nothing is written any more. */
async function rest(stage: Stage, watching: Watching): Promise<boolean> {
  const end = stage.clock.now() + REST_SECONDS * 1000;
  for (let quiet = 0; stage.clock.now() < end; quiet = stage.clock.now() - (watching.changedAt.at(-1) ?? 0)) {
    if (quiet > 45_000) return true;
    await stage.run(1);
  }
  return false;
}

/** What is wrong with it; nothing when all is well. */
export async function meddle(tale: Tale, { ending, at }: Moment, act: string, aloud = false): Promise<readonly string[]> {
  const { stage, watching } = await released(tale);
  if (aloud) sayWrites(stage);
  try {
    await tell(stage, ending, at);
    await stage.clock.runUntil(at);
    watching.byHand = true;
    await ACTS[act]?.(stage);
    watching.byHand = false;
    const problems: string[] = [];
    if (!(await rest(stage, watching))) problems.push(`it does not come to rest: ${JSON.stringify(await stage.status())}`);
    problems.push(...(await restProblems(stage, act)));
    problems.push(...(await bringOut(stage)));
    return [...watching.violations, ...problems];
  } finally {
    watching.close();
    await stage.stop();
  }
}

async function restProblems(stage: Stage, act: string): Promise<readonly string[]> {
  const status = await stage.status();
  const problems: string[] = [];
  const said = `${plain(status['phase'])} ${plain(status['message'])}`;
  if (!['Healthy', 'Degraded', 'Paused'].includes(String(status['phase']))) problems.push(`at rest it says ${said}: ${JSON.stringify(status)}`);
  if (status['phase'] === 'Degraded' && status['abort'] !== true) problems.push(`at rest it says ${said}`);
  if (status['abort'] === true && act === 'abort' && (await stage.weight() ?? 0) !== 0) problems.push(`aborted, but ${await stage.weight()} % go to the canary`);
  return problems;
}

/** Whatever has been done: pods again, no pause by hand, a retry, and a full promotion bring the template out. */
async function bringOut(stage: Stage): Promise<readonly string[]> {
  const rollout = await stage.get(ROLLOUT, 'cart');
  if (specOf(rollout)['replicas'] === 0) await scale(() => 3)(stage);
  if (specOf(rollout)['paused'] === true) await stage.patch(ROLLOUT, 'cart', { spec: { paused: false } });
  await stage.run(2);
  await stage.person('promote cart --full');
  try {
    await stage.untilPhase('Healthy', LONGEST_SECONDS);
    await stage.run(60);
  } catch (fault) {
    return [`it can not be brought out: ${String(fault)}`];
  }
  const status = await stage.status();
  const { containers } = specOf({ apiVersion: '', kind: '', metadata: { name: '' }, spec: ((specOf(await stage.get(ROLLOUT, 'cart'))['template'] ?? {}) as { spec?: unknown }).spec }) as { containers?: readonly { image?: string }[] };
  if (status['stableRS'] !== status['currentPodHash'] || status['phase'] !== 'Healthy') return [`brought out, it says ${JSON.stringify(status)}`];
  return containers?.[0]?.image?.startsWith(image('v')) === true ? [] : ['the image is lost'];
}

function sayWrites(stage: Stage): void {
  stage.store.watch({ type: ROLLOUT, options: { resourceVersion: stage.store.revision() } }, (event) => {
    if (event.type === 'BOOKMARK' || event.type === 'ERROR') return;
    const { conditions: _c, ...status } = (event.object['status'] ?? {}) as Record<string, unknown>;
    process.stdout.write(`${stage.clock.now()} ${JSON.stringify(status)}\n`);
  });
}
