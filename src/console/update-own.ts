// Commands of a person's own: from the key to the question, from the yes to what came of it.

import type { Instant } from '../lib/instant.js';
import { sanitise } from '../lib/text-width.js';
import { checkReason } from './acts/hold.js';
import type { About, Effect } from './effect.js';
import type { RolloutFacts } from './facts.js';
import { keyText } from './keymap.js';
import { labelOf, type Model, settingsFor } from './model.js';
import { MOST_RUNS, MOST_RUNNING, type OwnEnd, type OwnRunState, withLines } from './own/history.js';
import { answerProblem, type OwnCommand } from './own/own.js';
import { inputField } from './own/fields.js';
import { type OwnRun, prepare } from './own/run.js';
import { findSubject, ownMoved, type OwnSubject, ownStanding } from './own/subject.js';
import { describeNow, type Proposal } from './proposal.js';
import { confirmFields, type Field, inputsOf, type OwnQuestion, READING_MS, REASON } from './question.js';
import type { ConfirmLevel } from './settings/rows.js';
import { sightOf } from './target.js';
import { secondsText } from './time-words.js';
import { addToLog, notify, outcomeInLog } from './update-changes.js';

type Step = readonly [Model, readonly Effect[]];

/** What only reads is not asked about, unless the file says so; what is dangerous always takes name and reason. */
function levelOf(model: Model, { confirm, dangerous, readOnly }: OwnCommand, { cluster, namespace }: RolloutFacts): ConfirmLevel {
  if (dangerous) return 'type-name-and-reason';
  if (readOnly && !confirm) return 'none';
  const level = settingsFor(model, cluster, namespace).confirm;
  return confirm && level === 'none' ? 'key' : level;
}

const YES_OR_NO = [
  { value: 'false', text: 'no' },
  { value: 'true', text: 'yes' },
];

function fieldsFor(command: OwnCommand, level: ConfirmLevel, { name }: RolloutFacts): readonly Field[] {
  const asked = command.inputs.map(({ name: input, label, type, required, initial, options }): Field => {
    const rows = type === 'bool' ? YES_OR_NO : type === 'choice' ? options.map((value) => ({ value, text: value })) : undefined;
    const shown = type === 'secret' ? { secret: true as const } : {};
    const hint = [...(type === 'number' ? ['a number'] : []), ...(type === 'secret' ? ['not shown'] : []), ...(required ? [] : ['may stay empty'])].join(', ');
    return { id: inputField(input), label, initial, value: initial, ...(rows === undefined ? {} : { rows }), ...shown, hint };
  });
  return [...asked, ...confirmFields(level, false, { label: 'name', wanted: name })];
}

function prepareNow(model: Model, command: OwnCommand, { facts, values }: OwnSubject, fields: readonly Field[]): OwnRun {
  return prepare(command, values, inputsOf(fields), settingsFor(model, facts.cluster).readOnly);
}

function proposalOf(model: Model, command: OwnCommand, on: OwnSubject, fields: readonly Field[]): Proposal {
  const { line } = prepareNow(model, command, on, fields);
  const stops = keyText(model.keymap, 'back', model.glyphs.ascii);
  const notes = [
    ...(command.background ? [`it runs beside the screen${stops === undefined ? '' : `; ${stops} stops it`}`] : []),
    ...(model.asFlags.length > 0
      ? [
          `it is not told ${model.asFlags
            .filter((word) => word.startsWith('--'))
            .map((word) => word.replace(/=.*/, ''))
            .join(', ')}: it acts by the kubeconfig`,
        ]
      : []),
  ];
  const warnings = command.dangerous ? ['it is called dangerous in commands.yaml'] : [];
  return { verb: `Run ${command.name}`, now: describeNow(sightOf(model, on.facts)), effect: '', effectWords: line, notes, warnings };
}

/** The key of a command, or its name in the command bar. */
export function askOwn(model: Model, command: OwnCommand, now: Instant): Step {
  const on = findSubject(model, command);
  if ('short' in on) return [notify(model, 'attention', on.long, now), []];
  if (model.ownRuns.filter(({ ended }) => ended === undefined).length >= MOST_RUNNING)
    return [notify(model, 'attention', `${command.name} is not run: ${MOST_RUNNING} commands are under way already.`, now), []];
  const level = levelOf(model, command, on.facts);
  const fields = fieldsFor(command, level, on.facts);
  const question: OwnQuestion = {
    type: 'own',
    command,
    on,
    key: on.facts.key,
    proposal: proposalOf(model, command, on, fields),
    yesFrom: now + READING_MS,
    first: 0,
    read: false,
    level,
    fields,
    focus: 0,
    moved: undefined,
    hint: undefined,
  };
  if (level === 'none' && fields.length === 0) return runOwn(model, question, now);
  return [{ ...model, question, notice: undefined }, []];
}

/** What would be run depends on what was answered. */
export function retellOwn(model: Model, question: OwnQuestion): OwnQuestion {
  return { ...question, proposal: proposalOf(model, question.command, question.on, question.fields) };
}

/** What is wrong with an answer, as a clause. */
export function ownAnswerProblem({ command }: OwnQuestion, { id, value }: Field): string | undefined {
  const input = command.inputs.find(({ name }) => inputField(name) === id);
  return input === undefined ? checkReason(value) : answerProblem(input, value);
}

function aboutOf(model: Model, { command, on, fields, proposal }: OwnQuestion, line: string): About {
  const { subject, facts } = on;
  const { cluster, namespace, name, uid } = facts;
  const thing = subject.kind === 'Rollout' ? labelOf(model, facts.key) : `${subject.kind} ${subject.namespace}/${subject.name}`;
  return {
    context: cluster,
    namespace,
    name,
    uid,
    action: `own.${command.name}`,
    words: `run ${command.name} on ${thing}: ${line}`,
    saw: proposal.now,
    reason: inputsOf(fields)[REASON]?.trim() ?? '',
    // It is a program of this machine: what it does to the cluster the server records.
    event: false,
  };
}

/** Yes was said, or nothing had to be asked. What stood in its way then stands in its way now, too: settings change. */
export function runOwn(model: Model, question: OwnQuestion, now: Instant): Step {
  const { command, on, fields } = question;
  const moved = ownMoved(model, on);
  if (moved !== undefined) return [{ ...model, question: { ...question, moved } }, []];
  const stands = ownStanding(model, command, on.facts);
  if (stands !== undefined) return [{ ...model, question: { ...question, hint: stands.long } }, []];
  const run = prepareNow(model, command, on, fields);
  const about = aboutOf(model, question, run.line);
  const id = model.nextId;
  const words = about.words.slice(0, about.words.indexOf(':'));
  const state: OwnRunState = { id, name: command.name, words, about, background: run.background, startedAt: now, lines: [], left: 0, ended: undefined };
  const commandLog = addToLog(model.commandLog, { id, at: now, words, lines: [run.line], outcome: 'running' });
  const ownRuns = [...model.ownRuns, state].slice(-MOST_RUNS);
  const started = { ...model, question: undefined, nextId: id + 1, commandLog, ownRuns };
  return [
    run.background ? notify(started, 'info', `${words}: started`, now) : started,
    [
      { type: 'record', about, outcome: 'started', text: '' },
      { type: 'run', id, run },
    ],
  ];
}

/** Lines that a command in the background has written. */
export function takeOwnOutput(model: Model, id: number, texts: readonly string[]): Model {
  return { ...model, ownRuns: model.ownRuns.map((each) => (each.id === id ? withLines(each, texts) : each)) };
}

export function takeOwnEnd(model: Model, id: number, end: OwnEnd, now: Instant): Step {
  const run = model.ownRuns.find((each) => each.id === id);
  if (run === undefined) return [model, []];
  const ended = end.ran ? `${end.text} after ${secondsText(now - run.startedAt)}` : end.text;
  const ownRuns = model.ownRuns.map((each) => (each === run ? { ...run, ended } : each));
  const commandLog = outcomeInLog(model.commandLog, id, end.good ? ended : `failed: ${ended}`);
  const last = sanitise(run.lines.findLast((line) => line.trim() !== '') ?? '');
  const count = run.lines.length + run.left;
  const said = `${last === '' ? '' : `: ${last}`}${count > 1 ? ` (:output shows all ${count} lines)` : ''}`;
  const told = notify({ ...model, ownRuns, commandLog }, end.good ? 'good' : 'bad', `${run.words}: ${ended}${said}`, now);
  return [told, [{ type: 'record', about: run.about, outcome: end.good ? 'done' : 'failed', text: ended }]];
}
