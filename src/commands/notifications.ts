// `sluice notifications`: what triggers and templates there are, what they say of a rollout now, and a message on trial.

import { stringify } from 'yaml';
import { readYamlValue } from '../app/yaml-text.js';
import { err, ok, type Result } from '../lib/result.js';
import { createNotifier } from '../notifiers/notifier.js';
import { type Condition, holds, type Subject, variablesOf } from '../notifiers/triggers.js';
import { readSettings } from '../notifiers/settings.js';
import { createHttpSend } from '../providers/http.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, type Flags, oneOf, readFlags } from './arguments.js';
import { alignedLines } from './columns.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { configData, type Connection, connection, NO_SECRET, rolloutOf, secretOf } from './notification-settings.js';

const FORMATS = ['wide', 'name', 'json', 'yaml'] as const;
const CONSOLE = 'console:stdout';

type Ask = { readonly flags: Flags; readonly io: CommandIo; readonly open: Connection };
type Printed = Promise<Result<string, string>>;

const table = (rows: readonly (readonly string[])[]): string =>
  alignedLines(rows)
    .map((line) => `${line}\n`)
    .join('');

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** `trigger get` and `template get`. */
async function list(kind: 'trigger' | 'template', name: string | undefined, { flags, io, open }: Ask): Printed {
  const format = oneOf(flags, 'output', FORMATS, 'wide');
  const data = await configData(flags, io, open);
  if (!data.ok) return data;
  const entries = Object.entries(data.value)
    .filter(([key]) => key.startsWith(`${kind}.`))
    .map(([key, source]) => [key.slice(kind.length + 1), source] as const)
    .filter(([each]) => name === undefined || each === name)
    .toSorted(([a], [b]) => a.localeCompare(b));
  if (name !== undefined && entries.length === 0) return err(`there is no ${kind}.${name} in the ConfigMap`);
  if (format === 'name') return ok(entries.map(([each]) => `${each}\n`).join(''));
  const values = Object.fromEntries(entries.map(([each, source]) => [each, valueOf(source)]));
  if (format === 'json') return ok(`${JSON.stringify(values, undefined, 2)}\n`);
  if (format === 'yaml') return ok(stringify(values));
  const settings = readSettings(data.value, {}, readYamlValue);
  if (kind === 'template')
    return ok(table([['NAME', 'PREVIEW'], ...entries.map(([each, source]) => [each, problemOf(settings.templates.get(each)) ?? oneLine(source)])]));
  const sends = (conditions: Result<readonly Condition[], string> | undefined): string =>
    conditions?.ok === true ? conditions.value.flatMap(({ send }) => send).join(', ') : '';
  return ok(table([['NAME', 'TEMPLATES'], ...entries.map(([each]) => [each, problemOf(settings.triggers.get(each)) ?? sends(settings.triggers.get(each))])]));
}

const problemOf = (made: Result<unknown, string> | undefined): string | undefined => (made?.ok === false ? `wrong: ${made.error}` : undefined);

function valueOf(source: string): unknown {
  const value = readYamlValue(source);
  return value.ok ? value.value : source;
}

/** What each condition of the trigger says of the rollout now. */
async function runTrigger(name: string, rollout: string, { flags, io, open }: Ask): Printed {
  const data = await configData(flags, io, open);
  if (!data.ok) return data;
  const conditions = readSettings(data.value, {}, readYamlValue).triggers.get(name);
  if (conditions === undefined) return err(`there is no trigger.${name} in the ConfigMap`);
  if (!conditions.ok) return err(`trigger.${name}: ${conditions.error}`);
  const looked = await rolloutOf(rollout, open);
  if (!looked.ok) return looked;
  const subject: Subject = { ...looked.value, now: io.clock.now() };
  const variables = variablesOf(subject);
  const resultOf = (condition: Condition): string => {
    if (condition.when === '') return 'with each event of its name';
    const held = holds(condition, variables, subject.now);
    return held.ok ? String(held.value) : `error: ${held.error}`;
  };
  return ok(
    table([
      ['CONDITION', 'TEMPLATES', 'RESULT'],
      ...conditions.value.map((condition) => [oneLine(condition.when) || '-', condition.send.join(', '), resultOf(condition)]),
    ]),
  );
}

/** What the template says of the rollout: on the screen, without secrets, or sent to those recipients. */
async function notify(name: string, rollout: string, { flags, io, open }: Ask): Printed {
  const [data, secrets] = [await configData(flags, io, open), await secretOf(flags, io, open)];
  if (!data.ok) return data;
  if (!secrets.ok) return secrets;
  const looked = await rolloutOf(rollout, open);
  if (!looked.ok) return looked;
  const notifier = createNotifier(data.value, secrets.value, readYamlValue);
  const subject: Subject = { ...looked.value, now: io.clock.now() };
  const network = createHttpSend();
  try {
    const said: string[] = [];
    const given = flags.texts('recipient');
    for (const recipient of given.length === 0 ? [CONSOLE] : given) {
      const cut = recipient.indexOf(':');
      const destination = cut === -1 ? { service: recipient, recipient: '' } : { service: recipient.slice(0, cut), recipient: recipient.slice(cut + 1) };
      const message = { trigger: '', templates: [name], destination, subject };
      const preview = recipient === CONSOLE ? notifier.preview(message) : undefined;
      if (preview !== undefined) {
        if (!preview.ok) return preview;
        said.push(stringify({ message: preview.value.message, ...preview.value.fields }));
        continue;
      }
      const sent = await notifier.send(message, { http: network.send, clock: io.clock, readYaml: readYamlValue }, io.signal);
      if (!sent.ok) return err(`${recipient}: ${sent.error}`);
      said.push(`sent to ${recipient}\n`);
    }
    return ok(said.join(''));
  } finally {
    network.close();
  }
}

function work(flags: Flags, ask: Ask): Printed {
  const [kind, verb, name, rollout, ...more] = flags.operands;
  const wanted = `${kind} ${verb}`;
  if (more.length === 0 && rollout !== undefined && name !== undefined) {
    if (wanted === 'trigger run') return runTrigger(name, rollout, ask);
    if (wanted === 'template notify') return notify(name, rollout, ask);
  }
  if (rollout === undefined && wanted === 'trigger get') return list('trigger', name, ask);
  if (rollout === undefined && wanted === 'template get') return list('template', name, ask);
  throw new UsageError('notifications wants one of: trigger get [NAME], trigger run NAME ROLLOUT, template get [NAME], template notify NAME ROLLOUT');
}

export const notifications: Command = {
  words: 'notifications',
  summary: 'Try the triggers and templates of argo-rollouts-notification-configmap; ROLLOUT is a name, or a file.',
  operands: 'trigger|template get [NAME] | trigger run NAME ROLLOUT | template notify NAME ROLLOUT',
  flags: [
    ...CLUSTER_FLAG_HELP,
    '    --config-map FILE    the ConfigMap from a file (default: that in the namespace of the engine)',
    `    --secret FILE        the Secret from a file; ${NO_SECRET}: none (default: that in the namespace of the engine)`,
    `    --recipient SERVICE:RECIPIENT  send it there; may be repeated (default: ${CONSOLE}, which shows it here)`,
    '-o, --output FORMAT      of get: wide, name, json or yaml',
  ],
  examples: [
    'sluice notifications trigger run on-rollout-completed myapp',
    'sluice notifications template notify rollout-completed myapp --recipient slack:my-channel',
  ],
  async run(words, io) {
    const flags = readFlags(words, {
      ...CLUSTER_FLAGS,
      'config-map': { type: 'string' },
      secret: { type: 'string' },
      recipient: { type: 'string', multiple: true },
      output: { type: 'string', short: 'o' },
    });
    const done = await work(flags, { flags, io, open: connection(flags, io) });
    if (!done.ok) {
      io.stderr(`Error: ${done.error}\n`);
      return 1;
    }
    io.stdout(done.value);
    return 0;
  },
};
