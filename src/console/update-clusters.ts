// Which clusters are watched: one more, one less, or only one of them in the list.

import type { Snapshot } from '../kinds/snapshot.js';
import type { Instant } from '../lib/instant.js';
import { buildBoard, joinBoards } from './board.js';
import { NO_DRIFTS } from './drift.js';
import type { Effect } from './effect.js';
import { quitKeyText } from './keymap.js';
import { focusOf, type Model, topPage, type Watched } from './model.js';
import type { Page } from './page.js';
import { keysAsked } from './question.js';
import { readKey } from './rollout-key.js';
import { findLine, gatherPage } from './screens/page/contents.js';
import { notify } from './update-changes.js';

/** Each holds a few watches open, and a line of the screen. */
const MOST_CLUSTERS = 20;

type Step = readonly [Model, readonly Effect[]];

/** What is known of a cluster before it has answered. */
function nothingYet(context: string, since: Instant): Watched {
  const snapshot: Snapshot = {
    context,
    embedded: false,
    connection: { type: 'connecting', since },
    driver: { type: 'nobody', reason: 'nothing has been read yet' },
    latencyMs: undefined,
    rollouts: [],
    replicaSets: [],
    pods: [],
    analysisRuns: [],
    services: [],
    virtualServices: [],
    destinationRules: [],
    events: [],
  };
  return { snapshot, board: buildBoard(snapshot), drifts: NO_DRIFTS };
}

export function withClusters(model: Model, clusters: Model['clusters']): Model {
  const board = joinBoards(new Map([...clusters].map(([name, each]) => [name, each.board])), sameRollouts(model.clusters, clusters) ? model.board : undefined);
  return { ...model, clusters, board };
}

/** Most of what comes is about pods and events: then no list is made anew. */
function sameRollouts(before: Model['clusters'], after: Model['clusters']): boolean {
  return before.size === after.size && [...after].every(([name, { board }]) => before.get(name)?.board.all === board.all);
}

/** So that a cluster has its line from the first moment on. */
export function expectCluster(model: Model, context: string, now: Instant): Model {
  return model.clusters.has(context) ? model : withClusters(model, new Map([...model.clusters, [context, nothingYet(context, now)]]));
}

/** Back on the list, of one cluster or of all. */
const listOf = (model: Model, context: string | undefined): Model => ({
  ...model,
  screen: 'rollouts',
  detail: undefined,
  stack: [],
  list: { ...model.list, context },
});

function open(model: Model, context: string, now: Instant): Step {
  if (model.clusters.has(context)) return [model, []];
  if (model.clusters.size >= MOST_CLUSTERS)
    return [notify(model, 'attention', `${MOST_CLUSTERS} clusters are watched already: leave one first (:ctx -NAME).`, now), []];
  return [expectCluster(model, context, now), [{ type: 'open-cluster', context }]];
}

/** What would be lost sight of in the middle; undefined when nothing would. */
function underWay({ pending, outgoing, rollbacks }: Model, context: string): string | undefined {
  const there = ({ key }: { readonly key: string }): boolean => readKey(key).cluster === context;
  if (rollbacks.some(there)) return 'a rollback runs there';
  if (outgoing.some(({ order }) => order.targets.some(there))) return 'a promotion is about to go out there';
  return pending.some((each) => there(each) || each.rest.some(there)) ? 'the effect of a change is waited for there' : undefined;
}

/** The cluster to log in to: the one under the cursor of the contexts, the one that the screen is about, else the first that lets nobody in. */
export function logIn(model: Model, now: Instant): Step {
  const page = topPage(model);
  const lines = page?.screen === 'contexts' ? gatherPage(model, page).lines : [];
  const pointed = page?.screen === 'contexts' ? lines[findLine(lines, page.cursor)]?.id : focusOf(model);
  const context = pointed ?? [...model.clusters].find(([, { snapshot }]) => snapshot.trouble !== undefined)?.[0];
  if (context !== undefined && model.clusters.has(context)) return [model, [{ type: 'log-in', context }]];
  return [notify(model, 'attention', 'No cluster refuses you: there is nothing to log in to.', now), []];
}

/** Forgets it, and what is open of it. */
export function forgetCluster(model: Model, context: string): Model {
  const there = (key: string): boolean => readKey(key).cluster === context;
  const left = withClusters(model, new Map([...model.clusters].filter(([name]) => name !== context)));
  const marks = new Set([...model.list.marks].filter((key) => !there(key)));
  const extras = new Map([...model.extras].filter(([, { cluster }]) => cluster !== context));
  const list = { ...left.list, marks, context: left.list.context === context ? undefined : left.list.context };
  const open = model.detail !== undefined && there(model.detail.key);
  const stack = model.stack.filter(({ key }) => !there(key));
  return { ...left, list, extras, stack, ...(open ? { screen: 'rollouts' as const, detail: undefined } : {}) };
}

function close(model: Model, context: string, now: Instant): Step {
  const watched = model.clusters.get(context);
  const refuse = (why: string): Step => [notify(model, 'attention', `${context} is still watched: ${why}.`, now), []];
  if (watched === undefined) return [model, []];
  if (model.clusters.size === 1) return refuse(`it is the only one (${quitKeyText(model.keymap, model.glyphs.ascii)} ends the program)`);
  const busy = underWay(model, context);
  if (busy !== undefined) return refuse(busy);
  if (keysAsked(model.question).some((key) => readKey(key).cluster === context)) return refuse('a question about it is open');
  const drove = watched.snapshot.driver.type === 'self' ? '; the engine here gives its Lease back' : '';
  return [notify(forgetCluster(model, context), 'info', `${context} is no longer watched${drove}.`, now), [{ type: 'close-cluster', context }]];
}

/** `:ctx NAME`, `:ctx +NAME`, `:ctx -NAME`, `:ctx all`. */
export function changeContexts(model: Model, argument: string, now: Instant): Step {
  const name = argument.slice(1);
  if (argument === 'all') return [listOf(model, undefined), []];
  if (!isKnown(model, argument) && argument.startsWith('+')) return open(listOf(model, undefined), name, now);
  if (!isKnown(model, argument) && argument.startsWith('-')) return close(model, name, now);
  const [opened, effects] = open(model, argument, now);
  return [opened.clusters.has(argument) ? listOf(opened, opened.clusters.size > 1 ? argument : undefined) : opened, effects];
}

const isKnown = ({ clusters, contexts }: Model, name: string): boolean => clusters.has(name) || contexts.some((each) => each.name === name);

/** Enter on the screen of contexts: watches the one under the cursor, or leaves it. */
export function toggleContext(model: Model, page: Page, now: Instant): Step {
  const { lines } = gatherPage(model, page);
  const name = lines[findLine(lines, page.cursor)]?.id;
  if (name === undefined) return [model, []];
  return model.clusters.has(name) ? close(model, name, now) : open(model, name, now);
}
