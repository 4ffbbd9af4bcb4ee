// From the key to the yes: what stands in the way, what must be said first, and how much must be typed to confirm it.

import type { Instant } from '../lib/instant.js';
import { sanitise } from '../lib/text-width.js';
import type { ActionId, RiskyActionId } from './actions.js';
import type { ActSight } from './acts/act.js';
import { ACTS } from './acts/table.js';
import { checkReason } from './acts/hold.js';
import type { Effect } from './effect.js';
import type { RolloutFacts } from './facts.js';
import { fingerprint } from './fingerprint.js';
import { type KeyPress, typedCharacter } from './key.js';
import { findAction, keyText } from './keymap.js';
import { labelOf, type Model, screenContext, settingsFor } from './model.js';
import { subjectsAt } from './open-over.js';
import { propose } from './proposal.js';
import { type ActQuestion, confirmFields, type Field, inputsOf, type Order, type Question, READING_MS, REASON, type Target } from './question.js';
import { readKey } from './rollout-key.js';
import { CONFIRM_LEVELS, type ConfirmLevel } from './settings/rows.js';
import { obstacleFor, sightOf, targetsOf } from './target.js';
import { dispatch, moveOf, notify } from './update-changes.js';
import { isPromotion, letOut } from './update-take-back.js';
import { scrollQuestion, unreadHint } from './update-reading.js';
import { ownAnswerProblem, retellOwn, runOwn } from './update-own.js';

/** A key that is no answer belongs to a word that is being typed: a yes so soon after it belongs to the word, too. */
const STRAY_MS = 1000;

const LONGEST_ANSWER = 300;

type Step = readonly [Model, readonly Effect[]];

/** The strictest of what the settings say for these rollouts; one more where another person stands by it. What brings traffic back needs a key at most: nothing may delay it. */
function levelFor(model: Model, action: RiskyActionId, targets: readonly RolloutFacts[]): ConfirmLevel {
  const ranks = targets.map(({ cluster, namespace }) => CONFIRM_LEVELS.indexOf(settingsFor(model, cluster, namespace).confirm));
  const strictest = Math.max(0, ...ranks);
  if (ACTS[action].risk === 'back') return CONFIRM_LEVELS[Math.min(strictest, CONFIRM_LEVELS.indexOf('key'))] ?? 'key';
  const raise = targets.some((facts) => ACTS[action].crosses?.(sightOf(model, facts)) === true) ? 1 : 0;
  return CONFIRM_LEVELS[Math.min(strictest + raise, CONFIRM_LEVELS.length - 1)] ?? 'key';
}

/** With the object under the cursor: what is chosen there needs no second choice. */
function sightUnder(model: Model, facts: RolloutFacts): ActSight {
  const at = subjectsAt(model);
  const under = at?.key === facts.key ? at.subjects[0]?.name : undefined;
  return { ...sightOf(model, facts), ...(under === undefined ? {} : { under }) };
}

function targetFor(model: Model, action: RiskyActionId, facts: RolloutFacts): Target {
  const sight = sightUnder(model, facts);
  return { key: facts.key, saw: fingerprint(facts), proposal: propose(action, sight), settled: ACTS[action].settled?.(sight) ?? {} };
}

function fieldsFor(model: Model, action: RiskyActionId, level: ConfirmLevel, targets: readonly RolloutFacts[], warned: boolean): Field[] {
  const [first] = targets;
  const asked = first === undefined ? [] : (ACTS[action].asks?.(sightUnder(model, first)) ?? []);
  const fields: Field[] = asked.map(({ check: _check, ...field }) => ({ ...field, value: field.initial }));
  // Of a group no single name says what is meant; the context says where it happens.
  const alone = targets.length === 1;
  const wanted = alone ? (first?.name ?? '') : [...new Set(targets.map(({ cluster }) => cluster))].join(' ');
  const hasReason = fields.some(({ id }) => id === REASON);
  const confirming = confirmFields(level, warned, { label: alone ? 'name' : 'context', wanted }).filter(({ id }) => id !== REASON || !hasReason);
  return [...fields, ...confirming];
}

/** Opens the question; where the settings ask nothing and the act needs nothing, does it. */
export function ask(model: Model, action: RiskyActionId, now: Instant, edited?: ActQuestion['edited'], before?: ActQuestion): Step {
  const wanted = targetsOf(model);
  const act = ACTS[action];
  if (wanted.length > 1 && !act.inGroups) return [notify(model, 'attention', `${act.verb} takes one rollout at a time: ${wanted.length} are marked.`, now), []];
  const judged = (wanted.length === 0 ? [undefined] : wanted).map((facts) => ({ facts, stands: obstacleFor(model, action, facts) }));
  const able = judged.flatMap(({ facts, stands }) => (facts === undefined || stands !== undefined ? [] : [facts]));
  const [first] = able;
  const leftOut = judged.flatMap(({ facts, stands }) => (facts !== undefined && stands !== undefined ? [`${labelOf(model, facts.key)}: ${stands.short}`] : []));
  if (first === undefined) {
    const none = `${act.verb}: not possible for any of the ${wanted.length} marked. ${leftOut.join('; ')}.`;
    return [notify(model, 'attention', wanted.length > 1 ? none : (judged[0]?.stands?.long ?? ''), now), []];
  }
  if (action === 'rollout.edit' && edited === undefined)
    return [notify(model, 'info', `${labelOf(model, first.key)} is open in the editor.`, now), [{ type: 'edit', key: first.key, object: first.object }]];
  const targets = able.map((facts) => targetFor(model, action, facts));
  const level = levelFor(model, action, able);
  const warned = targets.some(({ proposal }) => proposal.warnings.length > 0);
  const { key, saw, proposal } = targets[0] ?? targetFor(model, action, first);
  const question: ActQuestion = {
    type: 'act',
    action,
    key,
    saw,
    proposal,
    targets,
    leftOut,
    yesFrom: now + READING_MS,
    first: 0,
    read: false,
    level,
    fields: keepAnswers(fieldsFor(model, action, level, able, warned), before?.fields ?? []),
    focus: 0,
    moved: undefined,
    hint: undefined,
    edited,
  };
  const opened = takeBackFor(model, action, able);
  if (level === 'none' && question.fields.length === 0 && before === undefined) return say(opened, question, now);
  return [{ ...opened, question: retold(opened, question), notice: undefined }, []];
}

/** Whoever goes back does not mean to go on: a promotion that has not gone out yet is dropped. */
function takeBackFor(model: Model, action: RiskyActionId, targets: readonly RolloutFacts[]): Model {
  if (ACTS[action].risk !== 'back') return model;
  const keys = new Set(targets.map(({ key }) => key));
  return { ...model, outgoing: model.outgoing.filter(({ order }) => !order.targets.some(({ key }) => keys.has(key))) };
}

/** What is told depends on what was answered. */
function retold(model: Model, question: Question): Question {
  if (question.type === 'own') return retellOwn(model, question);
  const facts = model.board.byKey.get(question.key);
  if (facts === undefined || question.targets.length > 1) return question;
  if (question.edited !== undefined) return question;
  const proposal = propose(question.action, sightOf(model, facts), { ...question.targets[0]?.settled, ...inputsOf(question.fields) });
  // Whether a reason is asked for may rest on what was chosen.
  const wanted = fieldsFor(model, question.action, question.level, [facts], proposal.warnings.length > 0);
  const fields = wanted.map((field) => question.fields.find(({ id }) => id === field.id) ?? field);
  return { ...question, proposal, fields, targets: question.targets.map((target) => ({ ...target, proposal })) };
}

const withHint = (model: Model, question: Question, hint: string): Step => [{ ...model, question: { ...question, hint } }, []];

/** What is wrong with the field's answer, as a clause. */
function fieldProblem(model: Model, question: Question, field: Field): string | undefined {
  if (field.wanted !== undefined) return field.value === field.wanted ? undefined : `type exactly ${field.wanted}`;
  if (question.type === 'own') return ownAnswerProblem(question, field);
  const facts = model.board.byKey.get(question.key);
  const asked = facts === undefined ? undefined : ACTS[question.action].asks?.(sightOf(model, facts)).find(({ id }) => id === field.id);
  return asked === undefined ? checkReason(field.value) : asked.check?.(field.value, inputsOf(question.fields));
}

function edit(model: Model, question: Question, value: string): Step {
  const fields = question.fields.map((field, place) => (place === question.focus ? { ...field, value: value.slice(0, LONGEST_ANSWER) } : field));
  const edited = retold(model, { ...question, fields, hint: undefined });
  // What is told now was not read before.
  const same = JSON.stringify(edited.proposal) === JSON.stringify(question.proposal);
  return [{ ...model, question: same ? edited : { ...edited, first: 0, read: false } }, []];
}

function choose(model: Model, question: Question, field: Field, by: number): Step {
  const { rows } = field;
  if (rows === undefined) return by < 0 && question.focus > 0 ? [{ ...model, question: { ...question, focus: question.focus - 1 } }, []] : [model, []];
  const at = rows.findIndex(({ value }) => value === field.value);
  return edit(model, question, rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.value ?? field.value);
}

function nextField(model: Model, question: Question, key: KeyPress, now: Instant): Step {
  const field = question.fields[question.focus];
  if (field === undefined) return [model, []];
  const wrong = fieldProblem(model, question, field);
  if (wrong !== undefined) return withHint(model, question, `${wrong.slice(0, 1).toUpperCase()}${wrong.slice(1)}.`);
  const onwards: Question = { ...question, focus: question.focus + 1, hint: undefined, yesFrom: now + READING_MS };
  if (onwards.focus < onwards.fields.length || question.level === 'key') return [{ ...model, question: onwards }, []];
  if (key.burst) return withHint(model, question, 'That key came together with others: press it alone.');
  const unread = unreadHint(model, question);
  return unread === undefined ? say(model, onwards, now) : withHint(model, question, unread);
}

/** What is told when a question is left. */
export const nothingDone = ({ type }: Question): string => (type === 'own' ? 'Nothing was run.' : 'Nothing was changed.');

/** What was typed into the question before, where the new one asks for the same. What confirms is typed anew. */
function keepAnswers(fields: readonly Field[], before: readonly Field[]): readonly Field[] {
  return fields.map((field) => {
    const typed = before.find(({ id, rows }) => id === field.id && rows === undefined);
    return typed === undefined || field.rows !== undefined || field.wanted !== undefined ? field : { ...field, value: typed.value };
  });
}

/** The same act, for what is now. It always asks, whatever the settings say: the key for this is pressed without knowing what it will find. */
export function askAgain(model: Model, question: Question, now: Instant): Step {
  return question.type === 'own' ? [model, []] : ask({ ...model, question: undefined }, question.action, now, undefined, question);
}

/** Nothing is typed among rows: the keys that move in every list move here, too. */
function moveInRows(model: Model, question: Question, field: Field, key: KeyPress): Step {
  const action = key.name === 'paste' ? undefined : findAction(model.keymap, screenContext(model), key.name);
  if (action !== 'move.up' && action !== 'move.down') return [model, []];
  return choose(model, question, field, action === 'move.up' ? -1 : 1);
}

/** A key while an answer is being given. */
export function pressInFields(model: Model, key: KeyPress, action: ActionId | undefined, now: Instant): Step {
  const { question } = model;
  const field = question?.fields[question.focus];
  if (question === undefined) return [model, []];
  if (action === 'fields.leave') return [notify({ ...model, question: undefined }, 'info', nothingDone(question), now), []];
  // A key that types would ask again in the middle of a word.
  if (action === 'fields.next' && question.moved !== undefined && typedCharacter(key) === undefined) return askAgain(model, question, now);
  if (field === undefined) return [model, []];
  const scrolled = scrollQuestion(model, question, action);
  if (scrolled !== undefined) return [scrolled, []];
  if (action === 'fields.next') return nextField(model, question, key, now);
  if (action === 'fields.up' || action === 'fields.down') return choose(model, question, field, action === 'fields.up' ? -1 : 1);
  if (field.rows !== undefined) return moveInRows(model, question, field, key);
  if (action === 'fields.erase') return edit(model, question, field.value.replace(/.$/su, ''));
  if (action === 'fields.erase-all') return edit(model, question, '');
  // What confirms is typed by hand: a paste could come from anywhere.
  if (key.name === 'paste' && field.wanted !== undefined) return withHint(model, question, 'The name must be typed, not pasted.');
  const text = key.name === 'paste' ? sanitise(key.text ?? '') : typedCharacter(key);
  return text === undefined || text === '' ? [model, []] : edit(model, question, field.value + text);
}

/** A key that answers nothing: whoever types a word has not meant the question. */
export function pressBeside(model: Model, question: Question, key: KeyPress, now: Instant): Step {
  if (question.moved !== undefined) return [model, []];
  const yes = keyText(model.keymap, 'question.yes', model.glyphs.ascii) ?? 'yes';
  const hint = `${key.name} is no answer: ${yes} counts when no other key has come for a second.`;
  return withHint(model, { ...question, yesFrom: Math.max(question.yesFrom, now + STRAY_MS) }, hint);
}

/** The key for yes, when every answer has been given. */
export function sayYes(model: Model, key: KeyPress, now: Instant): Step {
  const { question } = model;
  if (question === undefined) return [model, []];
  if (key.burst) return withHint(model, question, 'That key came together with others: press it alone.');
  // What a stray key has said stays: it tells when the yes counts again.
  if (now < question.yesFrom) return withHint(model, question, question.hint ?? 'That was too quick to have been read: press it again in a moment.');
  const unread = unreadHint(model, question);
  return unread === undefined || question.moved !== undefined ? say(model, question, now) : withHint(model, question, unread);
}

/** Yes was said: sends it if the question still stands as it was asked, at once or in a moment. */
function say(model: Model, question: Question, now: Instant): Step {
  if (question.type === 'own') return runOwn(model, question, now);
  for (const target of question.targets) {
    const facts = model.board.byKey.get(target.key);
    const moved = moveOf(model, question.action, target);
    if (moved !== undefined || facts === undefined) {
      const which = question.targets.length > 1 ? `${labelOf(model, target.key)}: ` : '';
      return [{ ...model, question: { ...question, moved: `${which}${moved ?? 'it no longer exists'}` } }, []];
    }
    const stands = obstacleFor(model, question.action, facts);
    if (stands !== undefined) return withHint(model, question, stands.long);
  }
  const inputs = inputsOf(question.fields);
  const order: Order = { action: question.action, inputs, reason: inputs[REASON]?.trim() ?? '', targets: question.targets, edited: question.edited };
  // What was meant together was said together: the next act is for the cursor again.
  const marked = question.targets.some(({ key }) => model.list.marks.has(key));
  return sendOrDelay({ ...model, question: undefined, list: marked ? { ...model.list, marks: new Set<string>() } : model.list }, question, order, now);
}

function sendOrDelay(model: Model, question: ActQuestion, order: Order, now: Instant): Step {
  const places = question.targets.map(({ key }) => readKey(key));
  const delayMs = Math.max(0, ...places.map(({ cluster, namespace }) => settingsFor(model, cluster, namespace).takeBack));
  const typed = question.level === 'type-name' || question.level === 'type-name-and-reason';
  if (!isPromotion(order)) return dispatch(model, order, now);
  const words = `${question.proposal.verb.toLowerCase()} ${question.targets.length > 1 ? `${question.targets.length} rollouts` : labelOf(model, question.key)}`;
  if (typed || delayMs === 0) return letOut(model, order, words, now);
  const sendAt = now + delayMs;
  return [{ ...model, outgoing: [...model.outgoing, { order, sendAt, words }], notice: undefined }, [{ type: 'wake', at: sendAt }]];
}
