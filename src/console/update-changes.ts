// Changes to the cluster, from the key to the observed effect: obstacle or question, yes or no, sent, refused, seen.
// Nothing here shows an effect before the cluster does.

import type { Instant } from '../lib/instant.js';
import type { RiskyActionId } from './actions.js';
import { changesFor, isObserved } from './commands.js';
import type { Effect } from './effect.js';
import type { RolloutFacts } from './facts.js';
import { describeMove, fingerprint } from './fingerprint.js';
import { staleText } from './freshness.js';
import type { KeyPress } from './key.js';
import type { ApplyFailure, NoticeLevel } from './message.js';
import { type Model, isFresh, type Pending, type Question, topPage } from './model.js';
import { findObstacle, type Obstacle, propose } from './proposal.js';
import { findCursor, visibleLists } from './screens/rollouts/lists.js';
import { ageText } from './time-words.js';
import type { Result } from '../lib/result.js';

/** A yes sooner after the question than this was typed before it could be read. */
export const READING_MS = 150;

/** When nothing has come of a change for so long, it is told. */
const OVERDUE_MS = 20_000;

/** A change is no longer waited for after this time. */
const FORGOTTEN_MS = 300_000;

type Step = readonly [Model, readonly Effect[]];

export function notify(model: Model, level: NoticeLevel, text: string, now: Instant = model.now): Model {
  return { ...model, notice: { level, text, since: now } };
}

/** The rollout that a key would act on. */
export function targetOf(model: Model): RolloutFacts | undefined {
  const page = topPage(model);
  if (page !== undefined) return model.board.byKey.get(page.key);
  if (model.screen === 'rollout') return model.detail === undefined ? undefined : model.board.byKey.get(model.detail.key);
  return findCursor(visibleLists(model.board, model.list), model.list)?.facts;
}

/** Why the action can not be done now: the bottom line tells it before the key is pressed. */
export function obstacleFor(model: Model, action: RiskyActionId, facts: RolloutFacts | undefined): Obstacle | undefined {
  if (facts === undefined) return { short: 'no rollout', long: 'There is no rollout under the cursor.' };
  if (!isFresh(model)) {
    return {
      short: 'data is stale',
      long: `Changes are refused until the data is fresh: ${staleText(model.snapshot, model.now, model.utcOffsetMinutes) ?? ''}.`,
    };
  }
  const pending = model.pending.find(({ key }) => key === facts.key);
  if (pending !== undefined && !pending.overdue) {
    return { short: 'a change was sent', long: `${pending.words} was sent ${ageText(pending.sentAt, model.now)} ago and its effect is not seen yet.` };
  }
  return findObstacle(action, facts);
}

export function ask(model: Model, action: RiskyActionId, now: Instant): Model {
  const facts = targetOf(model);
  const stands = obstacleFor(model, action, facts);
  if (stands !== undefined || facts === undefined) return notify(model, 'attention', stands?.long ?? '', now);
  const question: Question = {
    action,
    key: facts.key,
    saw: fingerprint(facts),
    openedAt: now,
    proposal: propose(action, facts, model.board.index),
    moved: undefined,
    hint: undefined,
  };
  return { ...model, question, notice: undefined };
}

function hint(model: Model, question: Question, text: string): Model {
  return { ...model, question: { ...question, hint: text } };
}

/** Sends the change if the question still stands as it was asked. */
export function sayYes(model: Model, key: KeyPress, now: Instant): Step {
  const { question } = model;
  if (question === undefined) return [model, []];
  if (key.burst) return [hint(model, question, 'That key came together with others: press it alone.'), []];
  if (now - question.openedAt < READING_MS) return [hint(model, question, 'That was too quick to have been read: press it again.'), []];
  const facts = model.board.byKey.get(question.key);
  const moved = describeMove(question.saw, facts === undefined ? undefined : fingerprint(facts));
  if (moved !== undefined || facts === undefined) return [{ ...model, question: { ...question, moved: moved ?? 'it no longer exists' } }, []];
  const stands = obstacleFor(model, question.action, facts);
  if (stands !== undefined) return [hint(model, question, stands.long), []];
  const changes = changesFor(question.action, facts);
  if ('type' in changes) return [notify({ ...model, question: undefined }, 'attention', changes.reason, now), []];
  const id = model.nextId;
  const words = `${question.proposal.verb.toLowerCase()} ${facts.key}`;
  const pending: Pending = {
    id,
    action: question.action,
    key: facts.key,
    saw: question.saw,
    writes: changes.length,
    words,
    sentAt: now,
    taken: false,
    overdue: false,
  };
  const { namespace, name, uid } = facts;
  const about = { context: model.snapshot?.context ?? '', namespace, name, uid, action: question.action, words: `${words}: ${question.proposal.effectWords}` };
  const others = model.pending.filter(({ key: other }) => other !== facts.key);
  const next = notify({ ...model, question: undefined, nextId: id + 1, pending: [...others, pending] }, 'info', `${words}: sending`, now);
  return [next, [{ type: 'apply', id, changes, about, askedAt: now }]];
}

/** Failures after which nobody knows whether the change was made. */
const UNANSWERED: ReadonlySet<string> = new Set(['Timeout', 'Unreachable', 'NoAnswer', 'BadAnswer']);

function failureText(pending: Pending, { reason }: ApplyFailure): string {
  if (UNANSWERED.has(reason)) return 'got no answer';
  const kept = pending.writes > 1 ? '' : ' and nothing was changed';
  return `was refused${kept}${reason === '' ? '' : `, ${reason}`}`;
}

/** The server's answer to a change. Taken is not done: the effect must be seen first. */
export function takeAnswer(model: Model, id: number, result: Result<undefined, ApplyFailure>, now: Instant): Model {
  const pending = model.pending.find((each) => each.id === id);
  if (pending === undefined) return model;
  if (!result.ok) {
    const facts = model.board.byKey.get(pending.key);
    const moved = describeMove(pending.saw, facts === undefined ? undefined : fingerprint(facts));
    const text = `${pending.words} ${failureText(pending, result.error)}${moved === undefined ? '' : ` (${moved})`}: ${result.error.message}`;
    return notify({ ...model, pending: model.pending.filter((each) => each !== pending) }, 'bad', text, now);
  }
  const taken = { ...model, pending: model.pending.map((each) => (each === pending ? { ...pending, taken: true } : each)) };
  return observe(notify(taken, 'info', `${pending.words}: sent, waiting for the engine to act`, now), now);
}

function watchQuestion(model: Model): Model {
  const { question } = model;
  if (question === undefined || question.moved !== undefined) return model;
  const facts = model.board.byKey.get(question.key);
  const moved = describeMove(question.saw, facts === undefined ? undefined : fingerprint(facts));
  return moved === undefined ? model : { ...model, question: { ...question, moved } };
}

function effectText(pending: Pending, facts: RolloutFacts): string {
  if (pending.action === 'rollout.abort') return `aborted, canary asked ${Math.round(facts.askedPercent)} %`;
  if (facts.canaryHash === facts.stableHash) return 'the new revision serves everything';
  return `${describeMove(pending.saw, { ...fingerprint(facts), generation: pending.saw.generation }) ?? 'it goes on'}, canary asked ${Math.round(facts.askedPercent)} %`;
}

/** After new data: which sent changes show, and whether the open question still stands. */
export function observe(model: Model, now: Instant): Model {
  let next = watchQuestion(model);
  if (!isFresh(model)) return next;
  for (const pending of model.pending) {
    const facts = model.board.byKey.get(pending.key);
    const drop = (from: Model): Model => ({ ...from, pending: from.pending.filter((each) => each.id !== pending.id) });
    if (facts === undefined || facts.uid !== pending.saw.uid) next = notify(drop(next), 'attention', `${pending.words}: the rollout no longer exists`, now);
    else if (pending.taken && isObserved(pending.action, pending.saw, facts)) {
      next = notify(drop(next), 'good', `${pending.words}: seen after ${((now - pending.sentAt) / 1000).toFixed(1)} s: ${effectText(pending, facts)}`, now);
    }
  }
  return next;
}

/** As time passes: what was sent and shows nothing is told once, and forgotten in the end. */
export function ageChanges(model: Model): Model {
  if (model.pending.length === 0) return model;
  const kept = model.pending.filter(({ sentAt }) => model.now - sentAt < FORGOTTEN_MS);
  const late = kept.find(({ sentAt, overdue }) => !overdue && model.now - sentAt >= OVERDUE_MS);
  if (late === undefined) return kept.length === model.pending.length ? model : { ...model, pending: kept };
  const pending = kept.map((each) => (each.id === late.id ? { ...each, overdue: true } : each));
  const state = late.taken ? 'the server took it, but the engine shows no effect: is one running?' : 'the server has not answered';
  return notify({ ...model, pending }, 'attention', `${late.words}: after ${ageText(late.sentAt, model.now)} ${state}`);
}
