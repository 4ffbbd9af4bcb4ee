// The flags that set what the settings file may set too, for the verbs that open a console or change a cluster.

import { readValue } from '../console/settings/parse.js';
import { settingRow, type Values } from '../console/settings/rows.js';
import type { Flags, FlagSpec } from './arguments.js';
import { UsageError } from './command.js';

export const WRITE_FLAGS = { 'read-only': { type: 'boolean' }, write: { type: 'boolean' } } as const satisfies FlagSpec;

export const SETTING_FLAGS = {
  ...WRITE_FLAGS,
  theme: { type: 'string' },
  keymap: { type: 'string' },
  ascii: { type: 'boolean' },
  time: { type: 'string' },
  engine: { type: 'string' },
  'on-hangup': { type: 'string' },
  'debug-log': { type: 'string' },
} as const satisfies FlagSpec;

export const SETTING_FLAG_HELP = [
  '    --read-only            write nothing at all (implies --engine off); --write overrides the settings',
  '    --engine auto|on|off   drive the rollouts too, once the Lease is free (auto: where the settings file says so for the context)',
  '    --on-hangup keep|release  when the terminal is gone: go on until all is at rest (keep, the default), or end',
  '    --theme NAME|FILE      default, mono, one of your own, or a file',
  '    --keymap NAME|FILE     default, one of your own, or a file',
  '    --ascii                no characters beyond ASCII',
  '    --time local|utc       how clock times are shown',
];

const NAMES = { theme: 'theme', keymap: 'keymap', time: 'time', engine: 'engine', 'on-hangup': 'onHangup', 'debug-log': 'debugLog' } as const;

/** For verbs that change a cluster: why it is done stands in the record of it. */
export const ACT_FLAGS = { ...WRITE_FLAGS, reason: { type: 'string' } } as const satisfies FlagSpec;

export const ACT_FLAG_HELP = [
  '    --reason TEXT      why, for the audit log and the Event on the rollout',
  '    --read-only        write nothing; --write overrides the settings',
];

/** Whether something may be written, as far as the flags say. */
export function writeFlags(flags: Flags): Values {
  if (flags.on('read-only') && flags.on('write')) throw new UsageError('--read-only and --write contradict each other');
  return flags.on('read-only') ? { readOnly: true } : flags.on('write') ? { readOnly: false } : {};
}

/** The flags of a verb that connects, as settings. */
export function connectFlags(flags: Flags): Values {
  const debugLog = flags.text('debug-log');
  return { ...writeFlags(flags), ...(debugLog === undefined ? {} : { debugLog }) };
}

/** The flags that were given, as settings. */
export function settingsOfFlags(flags: Flags): Values {
  const values: Record<string, unknown> = { ...writeFlags(flags) };
  for (const [flag, name] of Object.entries(NAMES)) {
    const text = flags.text(flag);
    const row = settingRow(name);
    if (text === undefined || row === undefined) continue;
    const read = readValue(row.kind, text);
    if (!read.ok) throw new UsageError(`--${flag} ${read.error}`);
    values[name] = read.value;
  }
  if (flags.on('ascii')) values['ascii'] = true;
  return values;
}
