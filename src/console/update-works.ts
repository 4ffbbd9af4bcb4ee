// What is under way: shown while it lasts, and stopped by Esc.

import type { Effect } from './effect.js';
import { logSources } from './screens/logs.js';
import { labelOf, type Model, topPage } from './model.js';
import type { Work } from './work.js';
import { notify } from './update-changes.js';

type Step = readonly [Model, readonly Effect[]];

export function takeWork(model: Model, id: number, work: Work | undefined): Model {
  const others = model.works.filter((each) => each.id !== id);
  if (work === undefined) return { ...model, works: others };
  const known = model.works.some((each) => each.id === id);
  return { ...model, works: known ? model.works.map((each) => (each.id === id ? work : each)) : [...others, work] };
}

/** Esc for what the person waits for; undefined when there is nothing, and Esc is for their screen. */
export function stopWaiting(model: Model): Step | undefined {
  const group = model.pending.find(({ rest }) => rest.length > 0);
  if (group !== undefined) {
    const pending = model.pending.map((each) => (each === group ? { ...each, rest: [] } : each));
    const left = group.rest.map(({ key }) => labelOf(model, key)).join(', ');
    return [notify({ ...model, pending }, 'attention', `Stopped behind ${group.words}. Not tried: ${left}.`), []];
  }
  const work = model.works.findLast(({ waits }) => waits);
  return work === undefined ? undefined : [model, [{ type: 'cancel', id: work.id }]];
}

/** Esc when there is nothing to leave. */
export function stopBeside(model: Model): Step {
  const work = model.works.at(-1);
  return work === undefined ? [model, []] : [model, [{ type: 'cancel', id: work.id }]];
}

export function startDownload(model: Model): Step {
  const page = topPage(model);
  const sources = page?.screen === 'logs' ? logSources(model, page) : [];
  if (page === undefined || sources.length === 0) return [notify(model, 'attention', 'There is no log here to download: it is for the screen :logs.'), []];
  return [model, [{ type: 'download', key: page.key, sources }]];
}
