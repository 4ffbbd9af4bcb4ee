// Triggers: which templates are sent, when, and how often. The condition language is that of analysis, over the rollout.

import { createHash } from 'node:crypto';
import { decode, encode } from '../decide/expression/bytes.js';
import { evaluateOver } from '../decide/expression/evaluate.js';
import { formatValue } from '../decide/expression/go-text.js';
import { ANY_SLICE, funcOf, STRING, TIME } from '../decide/expression/go-type.js';
import { type GoMap, type GoValue, isNil, slice, stringMap, UTC } from '../decide/expression/go-value.js';
import { parseByLayout } from '../decide/expression/time-layout.js';
import { fromObject } from '../go-template/values.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { isRecord } from '../lib/deep.js';
import type { Instant } from '../lib/instant.js';
import { err, ok, type Result } from '../lib/result.js';

export type Condition = {
  /** "": no condition. */
  readonly when: string;
  readonly send: readonly string[];
  /** "": once while it holds. */
  readonly oncePer: string;
  /** How the state of a rollout names it: its place in the trigger and a hash of its text. */
  readonly key: string;
};

/** The value of a key `trigger.<name>`. */
export function parseTrigger(value: unknown): Result<readonly Condition[], string> {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  const conditions: Condition[] = [];
  for (const [index, entry] of entries.entries()) {
    if (!isRecord(entry)) return err('it is no list of conditions with "when" and "send"');
    const { when = '', oncePer = '', send } = entry;
    const names = typeof send === 'string' ? [send] : Array.isArray(send) ? send.filter((name): name is string => typeof name === 'string') : [];
    if (names.length === 0) return err('"send" is missing: it is a list of names of templates');
    if (typeof oncePer !== 'string') return err('"oncePer" is no expression');
    // YAML reads a bare `true` as what it is.
    const text = typeof when === 'boolean' ? String(when) : when;
    if (typeof text !== 'string') return err('"when" is no expression');
    conditions.push({ when: text, send: names, oncePer, key: `[${index}].${hash(text)}` });
  }
  return conditions.length === 0 ? err('it has no conditions') : ok(conditions);
}

const hash = (text: string): string => createHash('sha1').update(text).digest('base64url');

/** What triggers and templates look at. */
export type Subject = {
  readonly rollout: KubeObject;
  /** Of its current version, newest first. */
  readonly analysisRuns: readonly KubeObject[];
  readonly now: Instant;
};

const RFC3339 = '2006-01-02T15:04:05Z07:00';
const NS_PER_MS = 1_000_000n;

function timeFunctions(now: Instant): GoMap {
  const time: GoValue = { kind: 'time', unixNs: BigInt(Math.round(now)) * NS_PER_MS, zone: UTC };
  return stringMap([
    ['Now', { kind: 'func', type: funcOf([], [TIME]), call: () => time }],
    ['Parse', { kind: 'func', type: funcOf([STRING], [TIME]), call: ([text = '']) => parseByLayout(RFC3339, decode(formatValue(text)), UTC) }],
  ]);
}

/** The names that both conditions and templates have. */
export function variablesOf({ rollout, analysisRuns, now }: Subject): ReadonlyMap<string, GoValue> {
  return new Map<string, GoValue>([
    ['rollout', fromObject(rollout)],
    ['analysisRuns', slice(ANY_SLICE, analysisRuns.map(fromObject))],
    ['time', timeFunctions(now)],
  ]);
}

/** A condition that can not be evaluated is an error, in the words of the language. */
export function holds({ when }: Condition, variables: ReadonlyMap<string, GoValue>, now: Instant): Result<boolean, string> {
  const answer = evaluateOver(when, variables, now);
  if ('error' in answer) return err(answer.message);
  return typeof answer.value === 'boolean' ? ok(answer.value) : err(`expected bool, but got ${answer.goType}`);
}

/** The value of `oncePer` as text; "" where there is none. */
export function occasionOf({ oncePer }: Condition, variables: ReadonlyMap<string, GoValue>, now: Instant): Result<string, string> {
  if (oncePer === '') return ok('');
  const answer = evaluateOver(oncePer, variables, now);
  if ('error' in answer) return err(answer.message);
  return ok(isNil(answer.value) ? '' : decode(formatValue(answer.value)));
}

/** `RolloutStepCompleted` is told by the trigger `on-rollout-step-completed`. */
export const triggerOfReason = (reason: string): string =>
  `on-${reason
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()}`;

export const textValue = (text: string): GoValue => encode(text);
