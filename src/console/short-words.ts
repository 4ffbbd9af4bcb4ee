// The same in fewer words, for columns that are too narrow for all: what tells one thing from another stays the longest.

import { cut, cutMiddle, sanitise, textWidth } from '../lib/text-width.js';
import { nameOf, readKey } from './rollout-key.js';

const LEAST_NAMESPACE = 3;

/** A rollout's name that does not fit whole gives up of its namespace first: the name is what is spoken of. */
export function shortKey(key: string, width: number): string {
  const whole = sanitise(nameOf(key));
  if (textWidth(whole) <= width) return nameOf(key);
  const { namespace, name } = readKey(key);
  const room = width - textWidth(sanitise(name)) - 1;
  return room < LEAST_NAMESPACE ? cutMiddle(whole, width) : `${cut(sanitise(namespace), room)}/${name}`;
}

/** As kubectl calls them. */
const KINDS: Readonly<Record<string, string>> = {
  Rollout: 'ro',
  ReplicaSet: 'rs',
  Pod: 'po',
  AnalysisRun: 'ar',
  Experiment: 'exp',
  Service: 'svc',
  VirtualService: 'vs',
  DestinationRule: 'dr',
};

/** "po/cart-6f9…x2x1" */
export function shortObject(kind: string, name: string, width: number): string {
  const word = KINDS[kind] ?? cut(sanitise(kind.toLowerCase()), Math.max(1, Math.floor(width / 3)));
  return `${word}/${cutMiddle(sanitise(name), width - textWidth(word) - 1)}`;
}

/** "ana@jump-2" of "ana (a.k@shop.example)@jump-2"; the engine by what it is here. */
export function shortWho(actor: string): string {
  return actor === 'rollouts-controller' ? 'engine' : actor.replace(/ \([^)]*\)@/, '@');
}

/** "updated to revision 4" of "RolloutUpdated: Rollout updated to revision 4": whose it is stands beside it. */
export function shortChange(what: string): string {
  const [, reason = '', message = ''] = /^(\w+): (.+)$/su.exec(what) ?? [];
  const said = reason !== '' && message.toLowerCase().replaceAll(' ', '').startsWith(reason.toLowerCase());
  return said ? message.replace(/^Rollout /, '') : what;
}

/** The first that fits whole, the last of them if none does. */
export const fitFirst = (width: number, ...texts: readonly string[]): string => texts.find((text) => textWidth(sanitise(text)) <= width) ?? texts.at(-1) ?? '';
