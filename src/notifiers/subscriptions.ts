// Who is told of what: the annotations of a rollout and the default subscriptions of the ConfigMap, as destinations for each trigger.

import { type LabelTest, parseLabelSelector } from '../kinds/label-selector-text.js';
import { isRecord } from '../lib/deep.js';
import { err, ok, type Result } from '../lib/result.js';
import type { Destination, ReadYaml } from './service.js';

const PREFIX = 'notifications.argoproj.io/';
const SUBSCRIBE = `${PREFIX}subscribe.`;
const SUBSCRIPTIONS = `${PREFIX}subscriptions`;

/** Destinations of one rollout; what is more in number is a mistake. */
const MOST_DESTINATIONS = 200;

/** Of the ConfigMap: for every rollout with these labels. */
export type DefaultSubscription = {
  readonly destinations: readonly Destination[];
  readonly triggers: readonly string[];
  /** Absent: whatever they are. */ readonly matches?: LabelTest | undefined;
};

export type Defaults = {
  readonly subscriptions: readonly DefaultSubscription[];
  /** For subscriptions that name no trigger. */
  readonly triggers: readonly string[];
  /** The same for one service, in place of the others. */
  readonly ofService: ReadonlyMap<string, readonly string[]>;
};

type Marks = { readonly annotations?: Readonly<Record<string, string>>; readonly labels?: Readonly<Record<string, string>> };

export type Subscribed = { readonly byTrigger: ReadonlyMap<string, readonly Destination[]>; readonly problems: readonly string[] };

/** Each destination once for each trigger, in the order in which they are named. */
export function subscriptionsOf({ annotations = {}, labels = {} }: Marks, defaults: Defaults, readYaml: ReadYaml): Subscribed {
  const byTrigger = new Map<string, Destination[]>();
  const problems: string[] = [];
  let count = 0;
  const add = (triggers: readonly string[], destination: Destination): void => {
    const named = triggers.length > 0 ? triggers : (defaults.ofService.get(destination.service) ?? defaults.triggers);
    for (const trigger of named) {
      const list = byTrigger.get(trigger) ?? [];
      byTrigger.set(trigger, list);
      if (list.some((each) => each.service === destination.service && each.recipient === destination.recipient)) continue;
      count += 1;
      if (count <= MOST_DESTINATIONS) list.push(destination);
    }
  };
  for (const [key, value] of Object.entries(annotations)) {
    if (key === SUBSCRIPTIONS) {
      const listed = listedSubscriptions(value, readYaml);
      if (!listed.ok) problems.push(`the annotation ${key}: ${listed.error}`);
      for (const { triggers, destination } of listed.ok ? listed.value : []) add(triggers, destination);
    } else if (key.startsWith(SUBSCRIBE)) {
      const [first = '', ...rest] = key.slice(SUBSCRIBE.length).split('.');
      const service = rest.length === 0 ? first : rest.join('.');
      for (const recipient of value.split(';')) add(rest.length === 0 ? [] : [first], { service, recipient: recipient.trim() });
    }
  }
  for (const each of defaults.subscriptions) if (each.matches?.(labels) !== false) for (const destination of each.destinations) add(each.triggers, destination);
  if (count > MOST_DESTINATIONS) problems.push(`it has ${count} subscriptions; only the first ${MOST_DESTINATIONS} are told`);
  return { byTrigger, problems };
}

/** True when nothing of these has anything to do with notifications: most rollouts of a cluster that subscribes few. */
export function subscribesNothing({ annotations = {} }: Marks, defaults: Defaults): boolean {
  return defaults.subscriptions.length === 0 && !Object.keys(annotations).some((key) => key === SUBSCRIPTIONS || key.startsWith(SUBSCRIBE));
}

const textsOf = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : Array.isArray(value)
      ? value.filter((item): item is string | number => typeof item === 'string' || typeof item === 'number').map(String)
      : [];

type Listed = { readonly triggers: readonly string[]; readonly destination: Destination };

/** `notifications.argoproj.io/subscriptions`: a list of triggers with their destinations. */
function listedSubscriptions(source: string, readYaml: ReadYaml): Result<readonly Listed[], string> {
  const read = readYaml(source);
  if (!read.ok) return read;
  if (!Array.isArray(read.value)) return err('it is no list of entries with "trigger" and "destinations"');
  return ok(
    read.value.flatMap((entry: unknown) => {
      const { trigger, destinations } = isRecord(entry) ? entry : {};
      return (Array.isArray(destinations) ? destinations : []).flatMap((destination: unknown) => {
        const { service, recipients } = isRecord(destination) ? destination : {};
        const named = textsOf(recipients);
        return typeof service === 'string'
          ? (named.length === 0 ? [''] : named).map((recipient) => ({ triggers: textsOf(trigger), destination: { service, recipient } }))
          : [];
      });
    }),
  );
}

/** The key `subscriptions` of the ConfigMap. */
export function defaultSubscriptions(value: unknown): Result<readonly DefaultSubscription[], string> {
  if (!Array.isArray(value)) return err('it is no list of entries with "recipients" and "triggers"');
  const found: DefaultSubscription[] = [];
  for (const entry of value as readonly unknown[]) {
    const { recipients, triggers, selector } = isRecord(entry) ? entry : {};
    const matches = parseLabelSelector(typeof selector === 'string' ? selector : '');
    if (!matches.ok) return matches;
    const destinations = textsOf(recipients).map((recipient): Destination => {
      const cut = recipient.indexOf(':');
      return cut === -1 ? { service: recipient, recipient: '' } : { service: recipient.slice(0, cut), recipient: recipient.slice(cut + 1) };
    });
    if (destinations.length === 0) return err('an entry has no "recipients", such as slack:my-channel');
    found.push({ destinations, triggers: textsOf(triggers), matches: matches.value });
  }
  return ok(found);
}

/** A list of names, as `defaultTriggers` is. */
export function namesOf(value: unknown): Result<readonly string[], string> {
  const names = textsOf(value);
  return names.length > 0 ? ok(names) : err('it is no list of names of triggers');
}
