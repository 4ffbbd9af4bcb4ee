// What a command of one's own would be run on now, with the fields of it; or why it can not be.

import type { KubeObject } from '../../kinds/kube-object.js';
import { HASH_LABEL, REVISION } from '../../kinds/labels.js';
import { type Obstacle, obstacle, percent } from '../acts/act.js';
import { indexOf, setWithHash } from '../board.js';
import type { RolloutFacts } from '../facts.js';
import { findObject } from '../find-object.js';
import { staleText } from '../freshness.js';
import { isFresh, type Model, screenContext, settingsFor, snapshotOf } from '../model.js';
import { subjectsAt } from '../open-over.js';
import { rolloutSubject, type Subject } from '../page.js';
import { listAt, textAt } from '../../lib/read.js';
import { targetsOf } from '../target.js';
import { type FieldName, FIELDS, fieldsOf, fieldText, type FieldValues, keyedField } from './fields.js';
import { findOwn } from './keys.js';
import type { OwnCommand } from './own.js';

/** The object, the rollout that it belongs to, and the fields that the command can name. */
export type OwnSubject = { readonly subject: Subject; readonly facts: RolloutFacts; readonly values: FieldValues };

/** A value with a line break in it would look like something else wherever it is shown. */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\x00-\x1f\x7f]/;

const containersOf = (object: KubeObject): readonly unknown[] =>
  object.kind === 'Pod' ? listAt(object, 'spec', 'containers') : listAt(object, 'spec', 'template', 'spec', 'containers');

function readFields(model: Model, facts: RolloutFacts, object: KubeObject): Readonly<Record<FieldName, string>> {
  const index = indexOf(model.board, facts);
  const whole = object.kind === 'Rollout';
  const hash = object.metadata.labels?.[HASH_LABEL] ?? (whole ? facts.canaryHash : '');
  const set = setWithHash(index, facts, hash);
  // Of a rollout the newest revision's: its own template may stand in another object.
  const [container] = containersOf(whole || object.kind === 'AnalysisRun' ? (set ?? object) : object);
  const step = facts.stepIndex === undefined ? '' : String(Math.min(facts.stepIndex + 1, facts.steps.length));
  return {
    NAME: object.metadata.name,
    NAMESPACE: facts.namespace,
    KIND: object.kind,
    CONTEXT: facts.cluster,
    KUBECONFIG: model.kubeconfig,
    ROLLOUT: facts.name,
    POD: object.kind === 'Pod' ? object.metadata.name : '',
    CONTAINER: object.kind === 'Pod' ? (textAt(container, 'name') ?? '') : '',
    REVISION: whole ? facts.revision : (object.metadata.annotations?.[REVISION] ?? set?.metadata.annotations?.[REVISION] ?? ''),
    IMAGE: textAt(container, 'image') ?? '',
    PHASE: whole ? facts.phase : (textAt(object, 'status', 'phase') ?? ''),
    STEP: step,
    WEIGHT: facts.strategy === 'canary' ? percent(facts.askedPercent).replace(' %', '') : '',
    HASH: hash,
    STABLE_HASH: facts.stableHash,
  };
}

function keyedValues(object: KubeObject, fields: readonly string[]): FieldValues {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const keyed = keyedField(field);
      return keyed === undefined ? [] : [[field, object.metadata[keyed.map]?.[keyed.key] ?? '']];
    }),
  );
}

/** What keeps it from being run there, whatever its fields are. */
export function ownStanding(model: Model, { name, readOnly }: OwnCommand, { cluster }: RolloutFacts): Obstacle | undefined {
  if (readOnly) return undefined;
  if (settingsFor(model, cluster).readOnly)
    return obstacle('read-only', `${name} is not run on ${cluster}: it is read-only here, and nothing says that the command only reads (readOnly: true).`);
  if (isFresh(model, cluster)) return undefined;
  const stale = staleText(snapshotOf(model, cluster), model.now, model.utcOffsetMinutes) ?? '';
  return obstacle('data is stale', `${name} is not run until the data is fresh: ${stale}.`);
}

const kindWords = (kinds: readonly string[]): string => kinds.map((kind) => kind.toLowerCase()).join(' or ');

const isFor = ({ scopes }: OwnCommand, { kind }: Subject): boolean => scopes.length === 0 || scopes.some((scope) => scope === kind);

export function findSubject(model: Model, command: OwnCommand): OwnSubject | Obstacle {
  const { name, scopes, inputs } = command;
  const marked = targetsOf(model);
  if (marked.length > 1) return obstacle('one at a time', `${name} takes one rollout at a time: ${marked.length} are marked.`);
  const [facts] = marked;
  if (facts === undefined) return obstacle('no rollout', `There is no rollout under the cursor to run ${name} on.`);
  const at = subjectsAt(model);
  // A mark counts more than the cursor, as it does for acts.
  const subjects = at?.key === facts.key ? at.subjects : [rolloutSubject(facts.key)];
  const subject = subjects.find((each) => isFor(command, each));
  if (subject === undefined)
    return obstacle(`needs a ${kindWords(scopes)}`, `${name} is for a ${kindWords(scopes)}: open the rollout, and put the cursor on one.`);
  const object = findObject(model, { key: facts.key, subject });
  if (object === undefined) return obstacle('it is gone', `${subject.kind} ${subject.name} no longer exists.`);
  const stands = ownStanding(model, command, facts);
  if (stands !== undefined) return stands;
  const needed = fieldsOf(
    command,
    inputs.map((input) => input.name),
  );
  const values: FieldValues = { ...readFields(model, facts, object), ...keyedValues(object, needed) };
  const missing = needed.find((field) => (values[field] ?? '') === '');
  if (missing !== undefined) return obstacle(`no ${missing}`, `${name} needs ${fieldText(missing)}, and ${subject.kind} ${subject.name} has none.`);
  const strange = needed.find((field) => CONTROLS.test(values[field] ?? ''));
  if (strange !== undefined) return obstacle(`strange ${strange}`, `${name} is not run: ${fieldText(strange)} holds control characters.`);
  return { subject, facts, values };
}

/** A key of the person's own that means something on this screen, and why it can not act now, if it can not. */
export type OwnKey = { readonly shortCut: string; readonly name: string; readonly dangerous: boolean; readonly short: string | undefined };

/** Commands for another kind than those on this screen are left out. */
export function ownKeys(model: Model): readonly OwnKey[] {
  const { own, keymap } = model;
  if (own.commands.length === 0 && own.hotKeys.length === 0) return [];
  const context = screenContext(model);
  const subjects = subjectsAt(model)?.subjects ?? [];
  const commands = own.commands.filter((command) => subjects.some((subject) => isFor(command, subject)));
  return [...commands, ...own.hotKeys].flatMap((each): OwnKey[] => {
    const { shortCut, name } = each;
    if (shortCut === undefined || findOwn(own, keymap, context, shortCut) !== each) return [];
    const found = 'line' in each ? undefined : findSubject(model, each);
    return [{ shortCut, name, dangerous: 'dangerous' in each && each.dangerous, short: found !== undefined && 'short' in found ? found.short : undefined }];
  });
}

/** Why what was asked about is no longer there; undefined while it is. */
export function ownMoved(model: Model, { subject, facts }: OwnSubject): string | undefined {
  const { key, uid } = facts;
  const now = model.board.byKey.get(key);
  if (now === undefined || now.uid !== uid) return now === undefined ? 'the rollout was deleted' : 'the rollout was made anew';
  return findObject(model, { key, subject }) === undefined ? `${subject.kind} ${subject.name} has gone` : undefined;
}

/** The fields without those that are empty, for the environment. */
export function namedFields(values: FieldValues): readonly (readonly [FieldName, string])[] {
  return FIELDS.flatMap((field) => {
    const value = values[field] ?? '';
    return value === '' || CONTROLS.test(value) ? [] : [[field, value] as const];
  });
}
