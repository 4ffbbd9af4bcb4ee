// The console's one way forward: a model and a message make the next model, and the effects the app is to perform.

import { findAction } from './keymap.js';
import { type ActionId, isRisky } from './actions.js';
import { buildBoard, EMPTY_BOARD } from './board.js';
import { followDrifts, NO_DRIFTS } from './drift.js';
import type { Effect } from './effect.js';
import type { KeyPress } from './key.js';
import type { Msg } from './message.js';
import { appendLog, EMPTY_LOG, mergeLog } from './need.js';
import { contextOf, labelOf, type Model, type Prompt, rowsAbove, screenContext, settingsFor, snapshotOf, topPage } from './model.js';
import { coveredRows } from './notice.js';
import { findOwn, OWN_CONTEXTS } from './own/keys.js';
import type { HotKey, OwnCommand } from './own/own.js';
import { explain } from './reason.js';
import { yesAwaitedFrom } from './question.js';
import { scrollQuestion } from './update-reading.js';
import { nameOf } from './rollout-key.js';
import { sightOf } from './sight.js';
import { findRow, gatherDetail } from './screens/rollout/contents.js';
import { isCompact } from './screens/compact.js';
import { findCursor, layoutList, scrollTo, visibleLists } from './screens/rollouts/lists.js';
import { ageChanges, logAnswer, notify, observePending, takeAnswer } from './update-changes.js';
import { releaseOutgoing, takeBack } from './update-take-back.js';
import { changeContexts, forgetCluster, logIn, toggleContext, withClusters } from './update-clusters.js';
import { turnFavourite } from './update-favourites.js';
import { goToNamespace, rememberNamespace } from './update-namespaces.js';
import { takeEdited } from './update-edit.js';
import { copyCommand, inLog, saveHandover, saveSnapshot } from './update-log.js';
import { forgetNotice, settleNotice } from './update-notice.js';
import { copyLine, settlePage } from './update-pages.js';
import { leave, leaveList, rememberClosing } from './update-leaving.js';
import { askOwn, takeOwnEnd, takeOwnOutput } from './update-own.js';
import { acceptPrompt, appliesOn, type Chosen, openPrompt, runCommand, typeIntoPrompt } from './update-prompt.js';
import { ask, askAgain, nothingDone, pressBeside, pressInFields, sayYes } from './update-question.js';
import { askRights, takeRights } from './update-rights.js';
import { advanceRollbacks, answerRollback, stopRollback } from './update-rollback.js';
import { offsetText } from './time-words.js';
import { moveAbout, typeIntoFilter } from './update-screens.js';
import { refuseToSleep, tellNotStopped } from './update-sleep.js';
import { watchQuestion } from './update-watched.js';
import { startDownload, stopBeside, stopWaiting, takeWork } from './update-works.js';
import type { Instant } from '../lib/instant.js';
import type { Snapshot } from '../kinds/snapshot.js';

type Step = readonly [Model, readonly Effect[]];

/** Does one after the other, and gathers what they ask for. */
function inTurn(model: Model, ...parts: readonly ((model: Model) => Step)[]): Step {
  let current = model;
  const effects: Effect[] = [];
  for (const part of parts) {
    const [next, more] = part(current);
    current = next;
    effects.push(...more);
  }
  return [current, effects];
}

function tick(model: Model, now: Instant): Step {
  const moved = now === model.now ? model : { ...model, now };
  return inTurn(
    forgetNotice(moved, now),
    ageChanges,
    (each) => releaseOutgoing(each, now),
    (each) => advanceRollbacks(each, now),
  );
}

/** The bell rings when a rollout begins to wait for a person, not for those that already did; the desktop is told where the settings say so. */
function ring(before: Model, after: Model, cluster: string): Step {
  const seen = snapshotOf(before, cluster);
  if (seen === undefined || seen.connection.type === 'connecting') return [after, []];
  const known = new Set(before.board.waiting.map(({ key }) => key));
  const [first, ...others] = after.board.waiting.filter(({ key }) => !known.has(key));
  if (first === undefined) return [after, []];
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const { sentence } = explain({ ...sightOf(after, first), lasting: true });
  // The list shows it by itself; what is worse than this stays to be read.
  const hidden = screenContext(after) !== 'rollouts' && after.notice?.level !== 'bad';
  const told = hidden ? notify(after, 'attention', `${labelOf(after, first.key)} waits for you: ${sentence}${more}`, after.now) : after;
  const rung = { ...told, bells: after.bells + 1 };
  if (settingsFor(after, first.cluster).notify !== 'osc9') return [rung, []];
  return [rung, [{ type: 'notify', text: `sluice: ${nameOf(first.key)} on ${first.cluster}: ${sentence}${more}` }]];
}

function takeSnapshot(model: Model, snapshot: Snapshot, now: Instant): Step {
  const { context } = snapshot;
  const before = model.clusters.get(context);
  const board = buildBoard(snapshot, before?.board);
  const drifts = followDrifts(before?.drifts ?? NO_DRIFTS, before?.board ?? EMPTY_BOARD, board, now);
  const clusters = new Map([...model.clusters, [context, { snapshot, board, drifts }]]);
  return inTurn(
    { ...withClusters(model, clusters), now },
    (each) => ring(model, each, context),
    (each) => [watchQuestion(each), []],
    (each) => observePending(each, now),
    (each) => tick(each, now),
  );
}

function pressInQuestion(model: Model, key: KeyPress, now: Instant): Step {
  const action = key.name === 'paste' ? undefined : findAction(model.keymap, 'question', key.name);
  if (action === 'question.yes') return isCompact(model.size) ? refuseSmall(model, now) : sayYes(model, key, now);
  const { question } = model;
  if (question === undefined) return [model, []];
  if (action === 'question.no') return [notify({ ...model, question: undefined }, 'info', nothingDone(question), now), []];
  if (action === 'copy') return copyCommand(model);
  const scrolled = scrollQuestion(model, question, action);
  if (scrolled !== undefined) return [scrolled, []];
  const again = question?.moved === undefined ? undefined : findAction(model.keymap, screenContext(model), key.name);
  if (question.type === 'act' && again === question.action) return askAgain(model, question, now);
  return pressBeside(model, question, key, now);
}

/** Esc is first for what the person waits for, then for their screen, and where there is nothing to leave for what goes on beside. */
function back(model: Model): Step {
  const stopped = stopWaiting(model);
  if (stopped !== undefined) return stopped;
  // What is told takes no key for itself.
  const read = model.notice === undefined ? model : { ...model, notice: undefined };
  const left = moveAbout(read, 'back');
  return left === read ? stopBeside(read) : [left, []];
}

function turnTime(model: Model, now: Instant): Model {
  const { localOffsetMinutes } = model;
  if (localOffsetMinutes === 0) return notify(model, 'info', 'Times are in UTC: this terminal is in that zone.', now);
  const utcOffsetMinutes = model.utcOffsetMinutes === 0 ? localOffsetMinutes : 0;
  const zone = utcOffsetMinutes === 0 ? 'UTC' : `the zone of this terminal (${offsetText(utcOffsetMinutes)})`;
  return notify({ ...model, utcOffsetMinutes }, 'info', `Times are in ${zone}; the setting time keeps it.`, now);
}

/** A question that can not be read whole must not be answered. */
function refuseSmall(model: Model, now: Instant): Step {
  return [notify(model, 'attention', 'too small to ask', now), []];
}

/** As in a pager: the key leaves what stands over the list. */
function quit(model: Model, now: Instant, burst: boolean): Step {
  return contextOf(model) === 'rollouts' ? leaveList(model, now, burst) : back(model);
}

/** An action on the screen below, as its key would do it; some ask the app for something. */
function perform(model: Model, action: ActionId, now: Instant, key?: string): Step {
  if (isRisky(action)) return isCompact(model.size) ? refuseSmall(model, now) : ask(model, action, now);
  if (action === 'quit') return quit(model, now, false);
  if (action === 'suspend') return [refuseToSleep(model, now), []];
  if (action === 'palette' || action === 'command') return [openPrompt(model, action), []];
  if (action === 'take-back') return (model.outgoing.length === 0 ? stopRollback(model, now) : undefined) ?? takeBack(model, now);
  if (action === 'time') return [turnTime(model, now), []];
  if (action === 'refresh') return [notify(model, 'info', 'Reading everything anew.', now), [{ type: 'refresh' }]];
  if (action === 'favourite') return turnFavourite(model);
  if (action === 'recent-namespace') return [goToNamespace(model, key), []];
  if (action === 'page.download') return startDownload(model);
  if (action === 'back') return back(model);
  const copied = action === 'page.open' ? copyLine(model) : undefined;
  if (copied !== undefined) return copied;
  if (action === 'copy') return copyCommand(model);
  if (action === 'save') return saveSnapshot(model);
  if (action === 'save-all') return saveHandover(model);
  if (action === 'log-in') return logIn(model, now);
  const page = topPage(model);
  if (action === 'page.open' && page?.screen === 'contexts') return toggleContext(model, page, now);
  if (action === 'log') return [{ ...model, logOpen: { top: Number.MAX_SAFE_INTEGER } }, []];
  return [model.logOpen === undefined ? moveAbout(model, action) : inLog(model, model.logOpen.top, action), []];
}

function pressInPrompt(model: Model, prompt: Prompt, key: KeyPress, action: ActionId | undefined, now: Instant): Step {
  if (action !== 'prompt.accept') return [typeIntoPrompt(model, prompt, key, action), []];
  const { model: closed, chosen } = acceptPrompt(model, prompt);
  // What was typed stays, to be put right.
  return chosen.type === 'complaint' ? [notify(model, 'attention', chosen.text, now), []] : carryOut(closed, chosen, now);
}

/** A command of the person's own asks as a change does; a hotkey does what its line would do. */
function performOwn(model: Model, own: OwnCommand | HotKey, now: Instant): Step {
  if ('line' in own) return carryOut(model, runCommand(model, own.line), now);
  return isCompact(model.size) ? refuseSmall(model, now) : askOwn(model, own, now);
}

function carryOut(closed: Model, chosen: Chosen, now: Instant): Step {
  if (chosen.type === 'model') return rememberNamespace(chosen.model);
  if (chosen.type === 'contexts') return changeContexts(closed, chosen.argument, now);
  if (chosen.type === 'complaint') return [notify(closed, 'attention', chosen.text, now), []];
  if (chosen.type === 'own') return performOwn(closed, chosen.own, now);
  if (!appliesOn(chosen.action, screenContext(closed))) return [notify(closed, 'attention', 'that does not apply here', now), []];
  return perform(closed, chosen.action, now);
}

function press(model: Model, key: KeyPress, now: Instant): Step {
  const context = contextOf(model);
  const action = key.name === 'paste' ? undefined : findAction(model.keymap, context, key.name);
  if (action === 'quit.now') return leave(model, now, key.burst);
  if (action === 'quit') return quit(model, now, key.burst);
  if (context === 'question') return pressInQuestion(model, key, now);
  if (context === 'prompt' && model.prompt !== undefined) return pressInPrompt(model, model.prompt, key, action, now);
  if (context === 'fields') return isCompact(model.size) && action !== 'fields.leave' ? refuseSmall(model, now) : pressInFields(model, key, action, now);
  const screen = OWN_CONTEXTS.find((each) => each === context);
  const own = screen === undefined || key.name === 'paste' ? undefined : findOwn(model.own, model.keymap, screen, key.name);
  if (own !== undefined) return performOwn(model, own, now);
  if (action !== undefined) return perform(model, action, now, key.name);
  return [context === 'filter' ? typeIntoFilter(model, key) : model, []];
}

function pressKey(model: Model, key: KeyPress, now: Instant): Step {
  const [after, effects] = press(model, key, now);
  return [settleNotice(model, after, now), effects];
}

/** Cursors and first lines, put right for what is listed now. */
function settleList(model: Model): Model {
  const { list } = model;
  const lists = visibleLists(model.board, list);
  const place = findCursor(lists, list);
  const layout = layoutList(model.size, lists.waiting.length, rowsAbove(model));
  const allRows = Math.max(1, layout.allRows - coveredRows(model));
  const waitingTop = scrollTo(list.waitingTop, place?.section === 'waiting' ? place.index : undefined, layout.waitingRows, lists.waiting.length);
  const allTop = scrollTo(list.allTop, place?.section === 'all' ? place.index : undefined, allRows, lists.all.length);
  const cursor = place === undefined ? list.cursor : { section: place.section, key: place.facts.key, place: place.index };
  return { ...model, list: { ...list, cursor, waitingTop, allTop } };
}

function settleDetail(model: Model): Model {
  const { detail } = model;
  const contents = detail === undefined ? undefined : gatherDetail(model, detail);
  if (detail === undefined || contents === undefined) return model;
  const place = findRow(contents.rows, detail.row);
  const treeTop = scrollTo(detail.treeTop, place, Math.max(1, contents.layout.revisions.box.rows - coveredRows(model)), contents.rows.length);
  const metric = Math.min(detail.metric, Math.max(0, contents.series.length - 1));
  // Until the hand has moved it, the cursor stays on the first row: not on what was first before the rest was listed.
  const id = detail.row.id === undefined && detail.row.place === 0 ? undefined : contents.rows[place]?.id;
  return { ...model, detail: { ...detail, row: { id, place }, treeTop, metric } };
}

function settle(model: Model): Model {
  if (model.stack.length > 0) return settlePage(model);
  return model.screen === 'rollout' ? settleDetail(model) : settleList(model);
}

/** Lines are kept for as long as a screen shows them. */
function forgetLog(model: Model): Model {
  return model.log === EMPTY_LOG || model.stack.some(({ screen }) => screen === 'logs') ? model : { ...model, log: EMPTY_LOG };
}

function step(model: Model, msg: Msg): Step {
  switch (msg.type) {
    case 'tick':
      return tick(model, msg.now);
    case 'key':
      return inTurn(
        model,
        (each) => tick(each, msg.now),
        (each) => pressKey(each, msg.key, msg.now),
        (each) => [rememberClosing(model, each, msg.key, msg.now), []],
      );
    case 'cluster-changed':
      return takeSnapshot(model, msg.snapshot, msg.now);
    case 'contexts':
      return [{ ...model, contexts: msg.contexts }, []];
    case 'cluster-refused':
      return [notify(forgetCluster(model, msg.context), 'bad', `${msg.context} can not be watched: ${msg.reason}`, msg.now), []];
    case 'resized':
      return [{ ...model, size: msg.size }, []];
    case 'applied':
      return inTurn(
        model,
        (each) => tick(each, msg.now),
        (each) => [logAnswer(each, msg.id, msg.result), []],
        (each) => answerRollback(each, msg.id, msg.result, msg.now) ?? takeAnswer(each, msg.id, msg.result, msg.now),
      );
    case 'notice':
      return inTurn(
        model,
        (each) => tick(each, msg.now),
        (each) => [notify(each, msg.level, msg.text, msg.now), []],
      );
    case 'stop-refused':
      return [tellNotStopped(model, msg.now), []];
    case 'rights':
      return [takeRights(model, msg), []];
    case 'edited':
      return takeEdited(model, msg.key, msg.result, msg.now);
    case 'who':
      return [{ ...model, whoIn: new Map([...model.whoIn, [msg.cluster, msg.who]]) }, []];
    case 'settings-changed':
      return [{ ...model, settings: msg.settings, keymap: msg.keymap, utcOffsetMinutes: msg.utcOffsetMinutes }, []];
    case 'own-changed':
      return [{ ...model, own: msg.own }, []];
    case 'own-output':
      return [takeOwnOutput(model, msg.id, msg.texts), []];
    case 'own-ended':
      return inTurn(
        model,
        (each) => tick(each, msg.now),
        (each) => takeOwnEnd(each, msg.id, msg.end, msg.now),
      );
    case 'extra':
      return [{ ...model, extras: new Map([...model.extras, [msg.key, msg.extra]]) }, []];
    case 'log-lines':
      return [{ ...model, log: (msg.backlog === true ? mergeLog : appendLog)(model.log, msg, msg.lines) }, []];
    case 'past-acts':
      return [{ ...model, pastActs: { key: msg.key, acts: msg.acts } }, []];
    case 'presence':
      return [{ ...model, presence: { uid: msg.uid, others: msg.others } }, []];
    case 'recent-namespaces':
      return [{ ...model, recentNamespaces: msg.byContext }, []];
    case 'favourites':
      return [{ ...model, list: { ...model.list, favourites: new Set(msg.keys) } }, []];
    case 'work':
      return inTurn(takeWork(model, msg.id, msg.work), (each) => tick(each, msg.now));
    case 'hints':
      return [{ ...model, hints: msg.lines }, []];
  }
}

export function update(model: Model, msg: Msg): Step {
  const [next, effects] = step(model, msg);
  if (next === model) return [model, effects];
  const [asked, more] = askRights(settle(forgetLog(next)));
  // The key for yes is drawn as one only from when it counts.
  const yesFrom = yesAwaitedFrom(asked.question, asked.now);
  const wake: readonly Effect[] = yesFrom === undefined || yesFrom === model.question?.yesFrom ? [] : [{ type: 'wake', at: yesFrom }];
  return [asked, [...effects, ...more, ...wake]];
}
