// What a key would act on, and why it can not: the bottom line tells it before the key is pressed.

import type { RiskyActionId } from './actions.js';
import { type ActSight, type Obstacle, type Right, rightText } from './acts/act.js';
import { ACTS } from './acts/table.js';
import { indexOf } from './board.js';
import type { RolloutFacts } from './facts.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { staleText } from './freshness.js';
import { eventsAbout } from './history.js';
import { keyText } from './keymap.js';
import { isFresh, labelOf, mistakeAt, type Model, placeKey, settingsFor, snapshotOf, topPage, whoOf } from './model.js';
import { findCursor, visibleLists } from './screens/rollouts/lists.js';
import { serverNow } from './server-now.js';
import { clockText } from './time-words.js';

/** The rollout that a key would act on. */
export function targetOf(model: Model): RolloutFacts | undefined {
  const page = topPage(model);
  if (page !== undefined) return model.board.byKey.get(page.key);
  if (model.screen === 'rollout') return model.detail === undefined ? undefined : model.board.byKey.get(model.detail.key);
  return findCursor(visibleLists(model.board, model.list), model.list)?.facts;
}

/** The rollouts that an act is for: those that are marked, or else the one under the cursor. */
export function targetsOf(model: Model): readonly RolloutFacts[] {
  const onList = topPage(model) === undefined && model.screen === 'rollouts';
  const marked = onList && model.list.marks.size > 0 ? model.board.all.filter(({ key }) => model.list.marks.has(key)) : [];
  if (marked.length > 0) return marked;
  const target = targetOf(model);
  return target === undefined ? [] : [target];
}

export function sightOf(model: Model, facts: RolloutFacts): ActSight {
  const { board, utcOffsetMinutes } = model;
  // Read only where revisions are told apart: every key of the bottom line asks for a sight.
  const events = (): readonly KubeObject[] => eventsAbout(facts, snapshotOf(model, facts.cluster)?.events ?? []);
  return { facts, events, index: indexOf(board, facts), now: serverNow(model, facts.cluster), utcOffsetMinutes, who: whoOf(model, facts.cluster) };
}

/** Rights that the server has said this person does not have. What was not asked yet is no obstacle: the server decides. */
function missingRights(model: Model, facts: RolloutFacts, needed: readonly Right[]): readonly Right[] {
  const known = model.rights.get(placeKey(facts.cluster, facts.namespace));
  return known === undefined ? [] : needed.filter((right) => known.denied.includes(rightText(right)));
}

function standing(model: Model, action: RiskyActionId, facts: RolloutFacts): Obstacle | undefined {
  const { cluster } = facts;
  const snapshot = snapshotOf(model, cluster);
  const mistake = mistakeAt(model, cluster);
  if (mistake !== undefined)
    return { short: 'read-only', long: `Nothing is written to ${cluster}: the settings have a mistake, and until it is mended all is read-only (${mistake}).` };
  if (settingsFor(model, cluster).readOnly)
    return { short: 'read-only', long: `Nothing is written to ${cluster}: it is read-only here (--write, or readOnly in the settings).` };
  if (!isFresh(model, cluster)) {
    return { short: 'data is stale', long: `Changes are refused until the data is fresh: ${staleText(snapshot, model.now, model.utcOffsetMinutes) ?? ''}.` };
  }
  const [missing] = missingRights(model, facts, ACTS[action].rights(sightOf(model, facts)));
  if (missing !== undefined) {
    const what = rightText(missing);
    return { short: `no right to ${what}`, long: `The server says that you may not ${what} in namespace ${facts.namespace}.` };
  }
  return undefined;
}

/** What keeps a rollout where it is goes through a rollback that runs, and ends it. */
const STOPS: ReadonlySet<RiskyActionId> = new Set(['rollout.pause', 'rollout.hold']);

function underWay(model: Model, action: RiskyActionId, facts: RolloutFacts): Obstacle | undefined {
  const pending = model.pending.find(({ key }) => key === facts.key);
  const sent =
    pending === undefined || pending.overdue
      ? undefined
      : {
          short: 'a change was sent',
          long: `${pending.words} was sent at ${clockText(pending.sentAt, model.utcOffsetMinutes)} and its effect is not seen yet.`,
        };
  // What brings traffic back never waits for what was sent before, but for itself.
  if (action === 'rollout.abort') return pending?.action === 'rollout.abort' ? sent : undefined;
  const leaving = model.outgoing.find(({ order }) => order.targets.some(({ key }) => key === facts.key));
  if (leaving !== undefined) return { short: 'a change goes out', long: `${leaving.words} goes out in a moment: take it back first, or wait.` };
  const rollback = model.rollbacks.find(({ key }) => key === facts.key);
  if (rollback !== undefined && !STOPS.has(action)) {
    const stop = keyText(model.keymap, 'take-back', model.glyphs.ascii);
    const how = stop === undefined ? '' : `: ${stop} ends that where it is`;
    return {
      short: 'a rollback runs',
      long: `${labelOf(model, facts.key)} is being rolled back since ${clockText(rollback.startedAt, model.utcOffsetMinutes)}${how}.`,
    };
  }
  return sent;
}

export function obstacleFor(model: Model, action: RiskyActionId, facts: RolloutFacts | undefined): Obstacle | undefined {
  if (facts === undefined) return { short: 'no rollout', long: 'There is no rollout under the cursor.' };
  const stands = standing(model, action, facts) ?? underWay(model, action, facts) ?? ACTS[action].refuse(sightOf(model, facts));
  const ways = (stands?.ways ?? []).flatMap(({ action: id, words }) => {
    const key = keyText(model.keymap, id, model.glyphs.ascii);
    return key === undefined ? [] : [`${key} ${words}`];
  });
  return stands === undefined || ways.length === 0 ? stands : { ...stands, long: `${stands.long} ${ways.join(', ')}.` };
}
