// `sluice config`: what holds for a context and a namespace, and where each value comes from; or the schema for editors.

import { readSettings } from '../app/settings.js';
import { readKubeconfig } from '../cluster/kubeconfig.js';
import { keymapSchema, themeSchema } from '../console/json-schemas.js';
import { ownSchema } from '../console/own/schema.js';
import { settingsSchema } from '../console/settings/json-schema.js';
import { resolveSettings } from '../console/settings/resolve.js';
import { SETTINGS, type SettingRow } from '../console/settings/rows.js';
import { formatGoDuration } from '../lib/go-duration.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, type Flags, oneOf, readFlags } from './arguments.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { SETTING_FLAG_HELP, SETTING_FLAGS, settingsOfFlags } from './setting-flags.js';

const SCHEMAS = { settings: settingsSchema, theme: themeSchema, keymap: keymapSchema, commands: ownSchema } as const;

function valueText({ kind }: SettingRow, value: unknown): string {
  if (value === undefined) return '-';
  if (kind.type === 'duration') return formatGoDuration(Number(value));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The context that a console would open; none where there is no kubeconfig. */
async function contextOf(flags: Flags, io: CommandIo): Promise<string> {
  const named = flags.text('context');
  if (named !== undefined) return named;
  const file = flags.text('kubeconfig');
  const read = await readKubeconfig({ environment: io.environment, ...(file === undefined ? {} : { file }) });
  return read.ok ? (read.value.current ?? '') : '';
}

async function show(flags: Flags, io: CommandIo): Promise<number> {
  const source = await readSettings(io.environment, settingsOfFlags(flags));
  for (const complaint of source.complaints) io.stderr(`sluice: ${complaint}\n`);
  const context = await contextOf(flags, io);
  const namespace = flags.text('namespace');
  const { settings, origins } = resolveSettings(source.layers, context, namespace);
  const place = [context === '' ? 'no context' : `context ${context}`, ...(namespace === undefined ? [] : [`namespace ${namespace}`])];
  io.stdout(`# ${source.file}, for ${place.join(', ')}\n`);
  const rows = SETTINGS.map((row) => [row.name, valueText(row, settings[row.name]), source.originText(row.name, origins[row.name])] as const);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  for (const [name, value, origin] of rows) io.stdout(`${name.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${origin}\n`);
  return source.complaints.length > 0 ? 1 : 0;
}

export const config: Command = {
  words: 'config',
  summary: 'Show the settings that hold for a context (and a namespace), and where each comes from.',
  operands: '',
  flags: [
    ...CLUSTER_FLAG_HELP,
    '    --schema WHAT      print the JSON Schema of settings, theme, keymap or commands files instead, for editors',
    ...SETTING_FLAG_HELP,
  ],
  examples: ['sluice config --context prod-eu -n payments', 'sluice config --schema settings > ~/.config/sluice/config.schema.json'],
  run(words, io) {
    const flags = readFlags(words, { ...CLUSTER_FLAGS, ...SETTING_FLAGS, schema: { type: 'string' } });
    if (flags.operands.length > 0) throw new UsageError(`config takes no operand, not "${flags.operands[0]}"`);
    if (flags.text('schema') === undefined) return show(flags, io);
    const wanted = oneOf(flags, 'schema', ['settings', 'theme', 'keymap', 'commands'], 'settings');
    io.stdout(`${JSON.stringify(SCHEMAS[wanted](), undefined, 2)}\n`);
    return Promise.resolve(0);
  },
};
