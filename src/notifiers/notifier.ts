// Everything that notifications decide of a rollout, and the way out: what an event and what conditions have to tell, to whom, and sending it.
//
// A trigger is asked in two ways, as Argo Rollouts asks it. An event tells its trigger each time it is recorded, if the condition holds or
// there is none; it neither reads nor writes what was told before, so `oncePer` means nothing there. A change of the rollout asks every
// trigger that it subscribes, tells each condition that holds once, and remembers it in the rollout's annotation; a trigger without a condition
// never holds there, or all would be told whenever a rollout is first seen. So a trigger named after an event that also has a condition is
// told both ways: that is what people's ConfigMaps were written for, and dropping one of the two would lose messages after a hand-over.

import { maskValue } from '../decide/analysis/mask.js';
import { type GoValue, stringMap } from '../decide/expression/go-value.js';
import { fromObject } from '../go-template/values.js';
import { err, ok, type Result } from '../lib/result.js';
import { type Asked, type ConditionReport, type Message, notThere, told } from './conditions.js';
import { mapTexts, merged } from './message-template.js';
import { CONFIG_MAP_NAME } from './names.js';
import type { Notification, ReadYaml, Sent, ServiceIo } from './service.js';
import { readSettings, type Settings, type Texts } from './settings.js';
import { subscribesNothing, type Subscribed, subscriptionsOf } from './subscriptions.js';
import { type Condition, holds, type Subject, textValue, triggerOfReason, variablesOf } from './triggers.js';

export interface Notifier {
  /** What is wrong with the settings, one sentence each. */
  readonly problems: readonly string[];
  /** False when nothing can ever be told of that rollout: its analysis runs need not be looked for. */
  concerns(rollout: Subject['rollout']): boolean;
  /** What an event of that reason tells. */
  ofEvent(subject: Subject, reason: string): Asked<readonly Message[]>;
  /** What conditions tell of the rollout as it is now, and what is to be remembered. */
  ofConditions(subject: Subject): Asked<ConditionReport>;
  /** What one of its messages says, for people to look at: without what is secret. */
  preview(message: Message): Result<Notification, string>;
  send(message: Message, io: ServiceIo, signal: AbortSignal): Promise<Sent>;
}

export function createNotifier(data: Texts, secrets: Texts, readYaml: ReadYaml): Notifier {
  const settings = readSettings(data, secrets, readYaml);
  const hide = (text: string): string => maskValue(text, Object.values(secrets));
  const subscribed = ({ rollout }: Subject): Subscribed => subscriptionsOf(rollout.metadata, settings.defaults, readYaml);
  return {
    problems: settings.problems.map(hide),
    concerns: (rollout) => !subscribesNothing(rollout.metadata, settings.defaults),
    ofEvent: (subject, reason) => eventMessages(subject, triggerOfReason(reason), subscribed(subject), settings),
    ofConditions: (subject) => told(subject, subscribed(subject), settings),
    preview(message) {
      const made = render(message, settings);
      return made.ok ? ok(mapTexts(made.value, '', (_path, text) => hide(text)) as Notification) : err(hide(made.error));
    },
    async send(message, io, signal) {
      const sent = await deliver(message, settings, io, signal);
      return sent.ok ? sent : err(hide(sent.error));
    },
  };
}

function eventMessages(subject: Subject, trigger: string, { byTrigger, problems }: Subscribed, settings: Settings): Asked<readonly Message[]> {
  const destinations = byTrigger.get(trigger) ?? [];
  if (destinations.length === 0) return { found: [], problems: [] };
  const conditions = settings.triggers.get(trigger);
  if (conditions === undefined) return { found: [], problems: [...problems, notThere(trigger)] };
  const variables = variablesOf(subject);
  const wrong = [...problems];
  const isTold = (condition: Condition): boolean => {
    if (condition.when === '') return true;
    const held = holds(condition, variables, subject.now);
    if (!held.ok) wrong.push(`trigger.${trigger}: ${held.error}`);
    return held.ok && held.value;
  };
  const due = (conditions.ok ? conditions.value : []).filter(isTold);
  return { found: due.flatMap(({ send }) => destinations.map((destination) => ({ trigger, templates: send, destination, subject }))), problems: wrong };
}

function render({ templates, destination, subject }: Message, settings: Settings): Result<Notification, string> {
  const service = settings.services.get(destination.service);
  const data: GoValue = stringMap([
    ...variablesOf(subject),
    ['context', settings.context],
    ['secrets', fromObject(settings.secrets)],
    ['recipient', textValue(destination.recipient)],
    ['serviceType', textValue(service?.ok === true ? service.value.type : destination.service)],
  ]);
  const parts: Notification[] = [];
  for (const name of templates) {
    const template = settings.templates.get(name);
    if (template === undefined) return err(`the ConfigMap ${CONFIG_MAP_NAME} has no template.${name}`);
    if (!template.ok) return err(`template.${name}: ${template.error}`);
    const part = template.value.render(data, subject.now);
    if (!part.ok) return err(`template.${name}: ${part.error}`);
    parts.push(part.value);
  }
  return ok(merged(parts));
}

async function deliver(message: Message, settings: Settings, io: ServiceIo, signal: AbortSignal): Promise<Sent> {
  const { service: name } = message.destination;
  const service = settings.services.get(name);
  if (service === undefined)
    return err(`the ConfigMap ${CONFIG_MAP_NAME} has no service ${JSON.stringify(name)}: it has ${listed([...settings.services.keys()])}`);
  if (!service.ok) return err(`the service ${name}: ${service.error}`);
  const notification = render(message, settings);
  return notification.ok ? service.value.send(notification.value, message.destination, io, signal) : notification;
}

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
