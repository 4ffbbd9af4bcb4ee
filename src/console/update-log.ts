// The log of commands, the clipboard, and snapshots for others.

import type { ActionId } from './actions.js';
import { ACTS } from './acts/table.js';
import { indexOf } from './board.js';
import { distance } from './distance.js';
import type { Effect } from './effect.js';
import { handoverText } from './handover-text.js';
import { kubectlLine } from './kubectl-line.js';
import { isFresh, type Model, snapshotOf } from './model.js';
import { subjectsAt } from './open-over.js';
import { nameOf } from './rollout-key.js';
import { serverNow } from './server-now.js';
import { inputsOf, type Question } from './question.js';
import { logLines } from './screens/help/log.js';
import { boxRowCount } from './screens/help/scrolled.js';
import { snapshotText } from './snapshot-text.js';
import { sightOf } from './target.js';
import { notify } from './update-changes.js';

type Step = readonly [Model, readonly Effect[]];

/** What the question would send now. */
function linesOf(model: Model, question: Question): readonly string[] {
  if (question.type === 'own') return [question.proposal.effectWords];
  const { action, targets, fields, edited } = question;
  return targets.flatMap(({ key, settled }) => {
    const facts = model.board.byKey.get(key);
    if (facts === undefined) return [];
    const changes = edited?.changes ?? ACTS[action].changes(sightOf(model, facts), { ...settled, ...inputsOf(fields) });
    return 'type' in changes ? [] : changes.map((change) => kubectlLine(change, facts.cluster, model.asFlags));
  });
}

export function copyCommand(model: Model): Step {
  const last = model.commandLog.at(-1);
  const lines = model.question === undefined ? (last?.lines ?? []) : linesOf(model, model.question);
  if (lines.length === 0) return [notify(model, 'attention', 'There is no command to copy: nothing was asked for yet.'), []];
  return [model, [{ type: 'copy', text: lines.join('\n'), what: lines.length > 1 ? `${lines.length} commands` : 'the command' }]];
}

export function saveSnapshot(model: Model): Step {
  const facts = model.board.byKey.get(subjectsAt(model)?.key ?? '');
  const snapshot = snapshotOf(model, facts?.cluster);
  if (facts === undefined || snapshot === undefined)
    return [notify(model, 'attention', 'There is no rollout under the cursor: choose one in the list, or under recent. :handover writes of all.'), []];
  const { driver, events, context } = snapshot;
  const text = snapshotText({
    facts,
    driver,
    events,
    context,
    index: indexOf(model.board, facts),
    fresh: isFresh(model, context),
    now: serverNow(model, context),
  });
  const file = nameOf(facts.key).replace('/', '-');
  return [model, [{ type: 'save', file, what: `The snapshot of ${nameOf(facts.key)} (:handover writes of all rollouts)`, text }]];
}

export function saveHandover(model: Model): Step {
  if (model.clusters.size === 0) return [notify(model, 'attention', 'Nothing has been read yet: there is nothing to hand over.'), []];
  const text = handoverText({ ...model, of: 'all rollouts', unread: [] });
  return [model, [{ type: 'save', file: 'handover', what: 'The hand-over note of all rollouts', text }]];
}

export function inLog(model: Model, top: number, action: ActionId): Model {
  if (action === 'log.close') return { ...model, logOpen: undefined };
  const furthest = Math.max(0, logLines(model).length - boxRowCount(model));
  const from = Math.min(top, furthest);
  return { ...model, logOpen: { top: Math.min(furthest, Math.max(0, from + (distance(action, model.size.rows - 6) ?? 0))) } };
}
