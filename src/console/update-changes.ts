// Changes to the cluster, from the yes to the observed effect: sent one after the other, refused, taken, seen.
// Nothing here shows an effect before the cluster does.

import type { Change } from '../kinds/change.js';
import type { Instant } from '../lib/instant.js';
import type { Result } from '../lib/result.js';
import type { RiskyActionId } from './actions.js';
import { onwards } from './acts/hold.js';
import { ACTS } from './acts/table.js';
import { type ClusterIndex, indexOf, revisionWords, setWithHash } from './board.js';
import type { About, Effect } from './effect.js';
import type { RolloutFacts } from './facts.js';
import { describeMove, fingerprint } from './fingerprint.js';
import { keyText } from './keymap.js';
import { kubectlLine } from './kubectl-line.js';
import type { ApplyFailure, NoticeLevel } from './message.js';
import { isFresh, labelOf, type LogEntry, type Model, type Pending, settingsFor } from './model.js';
import type { Order, Target } from './question.js';
import { readKey } from './rollout-key.js';
import { obstacleFor, sightOf } from './target.js';
import { afterText, ageText } from './time-words.js';

/** When nothing has come of a change for so long, it is told. */
const OVERDUE_MS = 20_000;

/** A change is no longer waited for after this time. */
const FORGOTTEN_MS = 300_000;

const LONGEST_LOG = 200;

type Step = readonly [Model, readonly Effect[]];

export function notify(model: Model, level: NoticeLevel, text: string, now: Instant = model.now): Model {
  return { ...model, notice: { level, text, since: now } };
}

/** How a rollout has moved since it was seen, as far as it matters to the act. */
export function moveOf(model: Model, action: RiskyActionId, { key, saw }: Pick<Target, 'key' | 'saw'>): string | undefined {
  const facts = model.board.byKey.get(key);
  const moved = describeMove(saw, facts === undefined ? undefined : fingerprint(facts), ACTS[action].basis);
  if (moved !== undefined || facts === undefined) return moved;
  // It could be done when it was asked: what its basis leaves out has moved.
  const refused = ACTS[action].refuse(sightOf(model, facts));
  return refused === undefined ? undefined : `it changed: ${refused.short}`;
}

export function aboutOf(model: Model, order: Order, target: Target, facts: RolloutFacts): About {
  const { cluster, namespace, name, uid } = facts;
  return {
    context: cluster,
    namespace,
    name,
    uid,
    action: order.action,
    words: `${wordsOf(model, target)}: ${ACTS[order.action].tell(sightOf(model, facts), { ...target.settled, ...order.inputs }).effectWords}`,
    saw: target.proposal.now,
    ...(facts.revision === '' ? {} : { revision: facts.revision }),
    reason: order.reason,
    event: settingsFor(model, cluster, namespace).events !== 'none',
  };
}

export const wordsOf = (model: Model, { proposal, key }: Target): string => `${proposal.verb.toLowerCase()} ${labelOf(model, key)}`;

export function addToLog(log: readonly LogEntry[], entry: LogEntry): readonly LogEntry[] {
  return [...log, entry].slice(-LONGEST_LOG);
}

export function outcomeInLog(log: readonly LogEntry[], id: number, outcome: string): readonly LogEntry[] {
  return log.map((entry) => (entry.id === id ? { ...entry, outcome } : entry));
}

/** Sends the order's first change; the others follow as the server takes them. */
export function dispatch(model: Model, order: Order, now: Instant): Step {
  const [target, ...rest] = order.targets;
  const facts = target === undefined ? undefined : model.board.byKey.get(target.key);
  if (target === undefined) return [model, []];
  const stop = (reason: string): Step => [
    notify(markAgain(model, rest), 'bad', `${wordsOf(model, target)} was not sent: ${reason}${notTried(model, order.action, rest)}`, now),
    [],
  ];
  const moved = moveOf(model, order.action, target);
  if (facts === undefined || moved !== undefined) return stop(moved ?? 'it no longer exists');
  const stands = obstacleFor(model, order.action, facts);
  if (stands !== undefined) return stop(stands.long);
  const inputs = { ...target.settled, ...order.inputs };
  const changes = order.edited?.changes ?? ACTS[order.action].changes(sightOf(model, facts), inputs);
  if ('type' in changes) return stop(changes.reason);
  const about = aboutOf(model, order, target, facts);
  const pending: Pending = {
    id: model.nextId,
    action: order.action,
    key: target.key,
    saw: target.saw,
    inputs,
    about,
    rest,
    order,
    writes: changes.length,
    words: wordsOf(model, target),
    sentAt: now,
    taken: false,
    overdue: false,
  };
  const others = model.pending.filter(({ key }) => key !== target.key);
  const sending = send({ ...model, pending: [...others, pending] }, changes, about, now);
  if (order.action !== 'rollout.rollback') return sending;
  const rollback = {
    key: target.key,
    uid: facts.uid,
    revision: inputs['revision'] ?? '',
    hash: inputs['hash'] ?? '',
    stage: 'undo' as const,
    startedAt: now,
    stageSince: now,
    taken: false,
    detail: '',
    about,
  };
  return [{ ...sending[0], pending: others, rollbacks: [...model.rollbacks, { ...rollback, sentId: model.nextId }] }, sending[1]];
}

/** Puts it into the log of commands and hands it to the app. Takes the model's next id. */
export function send(model: Model, changes: readonly Change[], about: About, now: Instant): Step {
  const id = model.nextId;
  const lines = changes.map((change) => kubectlLine(change, about.context, model.asFlags));
  const commandLog = addToLog(model.commandLog, { id, at: now, words: about.words, lines, outcome: 'sent' });
  const next = notify({ ...model, nextId: id + 1, commandLog }, 'info', `${about.words.split(':')[0] ?? ''}: sending`, now);
  return [next, [{ type: 'apply', id, changes, about, askedAt: now }]];
}

/** What a group that ended early has not reached is marked again, for the same key. */
function markAgain(model: Model, rest: readonly Target[]): Model {
  return rest.length === 0 ? model : { ...model, list: { ...model.list, marks: new Set([...model.list.marks, ...rest.map(({ key }) => key)]) } };
}

function notTried(model: Model, action: RiskyActionId, rest: readonly Target[]): string {
  if (rest.length === 0) return '';
  const key = keyText(model.keymap, action, model.glyphs.ascii) ?? 'the same act';
  const again = rest.length === 1 ? `it is marked again, and ${key} asks for it` : `they are marked again, and ${key} asks for them`;
  return `. Not tried: ${rest.map(({ key: name }) => labelOf(model, name)).join(', ')}; ${again}`;
}

/** Failures after which nobody knows whether the change was made. */
const UNANSWERED: ReadonlySet<string> = new Set(['Timeout', 'Unreachable', 'NoAnswer', 'BadAnswer', 'Cancelled']);

export function failureText(writes: number, { reason }: ApplyFailure): string {
  if (UNANSWERED.has(reason)) return 'got no answer';
  const kept = writes > 1 ? '' : ' and nothing was changed';
  return `was refused${kept}${reason === '' ? '' : `, ${reason}`}`;
}

/** The server's answer, in the log of commands. */
export function logAnswer(model: Model, id: number, result: Result<undefined, ApplyFailure>): Model {
  if (!model.commandLog.some((entry) => entry.id === id)) return model;
  return { ...model, commandLog: outcomeInLog(model.commandLog, id, result.ok ? 'taken by the server' : `refused: ${result.error.message}`) };
}

/** The server's answer to a change. Taken is not done: the effect must be seen first. */
export function takeAnswer(model: Model, id: number, result: Result<undefined, ApplyFailure>, now: Instant): Step {
  const pending = model.pending.find((each) => each.id === id);
  if (pending === undefined) return [model, []];
  if (!result.ok) {
    const moved = moveOf(model, pending.action, pending);
    const text = `${pending.words} ${failureText(pending.writes, result.error)}${moved === undefined ? '' : ` (${moved})`}: ${result.error.message}`;
    const { goneOut } = model;
    // What was refused needs no way back.
    const kept = goneOut?.targets.some(({ key }) => key === pending.key) === true ? undefined : goneOut;
    const left = { ...model, goneOut: kept, pending: model.pending.filter((each) => each !== pending) };
    return [notify(markAgain(left, pending.rest), 'bad', `${text}${notTried(model, pending.action, pending.rest)}`, now), []];
  }
  const taken = { ...model, pending: model.pending.map((each) => (each === pending ? { ...pending, taken: true, rest: [] } : each)) };
  const [seen, effects] = observePending(notify(taken, 'info', `${pending.words}: sent, waiting for the engine to act`, now), now);
  if (pending.rest.length === 0) return [seen, effects];
  const [next, more] = dispatch(seen, { ...pending.order, targets: pending.rest }, now);
  return [next, [...effects, ...more]];
}

function effectText(pending: Pending, facts: RolloutFacts, index: ClusterIndex): string {
  const asked = `canary asked ${Math.round(facts.askedPercent)} %`;
  if (pending.action === 'rollout.hold' || pending.action === 'rollout.pause') return facts.held ? 'it stays where it is' : onwards(facts);
  if (pending.action === 'rollout.abort') return `aborted, ${asked}`;
  if (pending.action === 'rollout.restart') return 'every pod is new';
  if (pending.action === 'run.terminate') return `analysis ${pending.inputs['run'] ?? ''} has ended`;
  if (facts.canaryHash === facts.stableHash && pending.saw.canaryHash !== pending.saw.stableHash) {
    const serving = setWithHash(index, facts, facts.stableHash);
    return `${serving === undefined ? 'the new revision' : revisionWords(serving)} serves everything`;
  }
  return `${describeMove(pending.saw, { ...fingerprint(facts), generation: pending.saw.generation }) ?? 'it goes on'}, ${asked}`;
}

/** After new data: which sent changes show. */
export function observePending(model: Model, now: Instant): Step {
  let next = model;
  const effects: Effect[] = [];
  const drop = (id: number): Model => ({ ...next, pending: next.pending.filter((each) => each.id !== id) });
  for (const pending of model.pending) {
    if (!isFresh(model, readKey(pending.key).cluster)) continue;
    const facts = model.board.byKey.get(pending.key);
    if (facts === undefined || facts.uid !== pending.saw.uid) {
      next = notify(drop(pending.id), 'attention', `${pending.words}: the rollout no longer exists`, now);
    } else if (pending.taken && ACTS[pending.action].isObserved(sightOf(model, facts), pending.saw, pending.inputs)) {
      const text = `seen ${afterText(now - pending.sentAt)}: ${effectText(pending, facts, indexOf(model.board, facts))}`;
      const commandLog = outcomeInLog(next.commandLog, pending.id, text);
      next = notify({ ...drop(pending.id), commandLog }, 'good', `${pending.words}: ${text}`, now);
      effects.push({ type: 'record', about: pending.about, outcome: 'seen', text });
    }
  }
  return [next, effects];
}

/** As time passes: what was sent and shows nothing is told once, and forgotten in the end. */
export function ageChanges(model: Model): Step {
  if (model.pending.length === 0) return [model, []];
  const kept = model.pending.filter(({ sentAt }) => model.now - sentAt < FORGOTTEN_MS);
  const late = kept.find(({ sentAt, overdue }) => !overdue && model.now - sentAt >= OVERDUE_MS);
  if (late === undefined) return [kept.length === model.pending.length ? model : { ...model, pending: kept }, []];
  const pending = kept.map((each) => (each.id === late.id ? { ...each, overdue: true } : each));
  const state = late.taken ? 'the server took it, but the engine shows no effect: is one running?' : 'the server has not answered';
  const text = `after ${ageText(late.sentAt, model.now)} ${state}`;
  return [notify({ ...model, pending }, 'attention', `${late.words}: ${text}`), [{ type: 'record', about: late.about, outcome: 'no effect seen', text }]];
}
