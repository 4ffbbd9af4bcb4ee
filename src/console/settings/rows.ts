// Everything a person can set, one row each: name, kind of value, where it may stand, flag and environment variable, default.
// The parser, `sluice config`, the published JSON Schema, help and tests all read these rows.

import type { LinkSetting } from './link-setting.js';

export const CONFIRM_LEVELS = ['none', 'key', 'type-name', 'type-name-and-reason'] as const;

/** What a change asks before it is made. */
export type ConfirmLevel = (typeof CONFIRM_LEVELS)[number];

/** How loud the name of a context is. */
export const BANNERS = ['plain', 'attention', 'alarm'] as const;

export type BannerWord = (typeof BANNERS)[number];

/** A module that brings what Argo Rollouts has Go plugins for: the name in manifests ("acme/mesh"), and the ES module's file. */
export type PluginSetting = { readonly name: string; readonly module: string };

/** How a value is written in YAML (a duration as "3s"), and how it is kept (milliseconds). */
export type ValueKind =
  | { readonly type: 'word'; readonly words: readonly string[] }
  | { readonly type: 'flag' }
  | { readonly type: 'text' }
  | { readonly type: 'duration'; readonly mostMs: number }
  | { readonly type: 'plugins' }
  | { readonly type: 'links' };

/** Where a setting may stand: a namespace's stands within its context. */
export type Scope = 'global' | 'context' | 'namespace';

export type SettingRow = {
  readonly name: string;
  readonly kind: ValueKind;
  /** The narrowest place where it may stand; the wider ones always may. */
  readonly narrowest: Scope;
  readonly help: string;
  readonly flag?: string;
  readonly environment?: string;
};

/** Longer than this, a promotion that was confirmed would be forgotten before it goes out. */
const LONGEST_TAKE_BACK_MS = 60_000;

export const SETTINGS = [
  { name: 'theme', kind: { type: 'text' }, narrowest: 'global', flag: '--theme', environment: 'SLUICE_THEME', help: 'name of a theme, or a file' },
  { name: 'keymap', kind: { type: 'text' }, narrowest: 'global', flag: '--keymap', environment: 'SLUICE_KEYMAP', help: 'name of a keymap, or a file' },
  { name: 'ascii', kind: { type: 'flag' }, narrowest: 'global', flag: '--ascii', environment: 'SLUICE_ASCII', help: 'no characters beyond ASCII' },
  {
    name: 'time',
    kind: { type: 'word', words: ['local', 'utc'] },
    narrowest: 'global',
    flag: '--time',
    environment: 'SLUICE_TIME',
    help: 'clock times in the zone of this terminal, or in UTC',
  },
  {
    name: 'engine',
    kind: { type: 'word', words: ['auto', 'on', 'off'] },
    narrowest: 'context',
    flag: '--engine',
    environment: 'SLUICE_ENGINE',
    help: 'whether the console drives the rollouts too; auto: where it stands so for this context and nobody else holds the Lease',
  },
  {
    name: 'onHangup',
    kind: { type: 'word', words: ['keep', 'release'] },
    narrowest: 'context',
    flag: '--on-hangup',
    environment: 'SLUICE_ON_HANGUP',
    help: 'an engine whose terminal is gone: keep goes on until every rollout is at rest, release ends at once',
  },
  {
    name: 'readOnly',
    kind: { type: 'flag' },
    narrowest: 'context',
    flag: '--read-only, --write',
    environment: 'SLUICE_READ_ONLY',
    help: 'nothing is ever written; implies engine: off',
  },
  {
    name: 'banner',
    kind: { type: 'word', words: BANNERS },
    narrowest: 'context',
    help: "the colour of the context's name (default: plain; alarm where the context looks like production)",
  },
  {
    name: 'confirm',
    kind: { type: 'word', words: CONFIRM_LEVELS },
    narrowest: 'namespace',
    environment: 'SLUICE_CONFIRM',
    help: 'what a change asks first (default: key; type-name where the context looks like production)',
  },
  {
    name: 'takeBack',
    kind: { type: 'duration', mostMs: LONGEST_TAKE_BACK_MS },
    narrowest: 'namespace',
    environment: 'SLUICE_TAKE_BACK',
    help: 'how long a promotion that one key confirmed can be taken back before it goes out (0s: not at all)',
  },
  {
    name: 'events',
    kind: { type: 'word', words: ['console', 'all', 'none'] },
    narrowest: 'namespace',
    environment: 'SLUICE_EVENTS',
    help: 'which acts are told as an Event on their rollout, besides the local audit log: those of the console (and of a verb with --reason), all, or none',
  },
  {
    name: 'links',
    kind: { type: 'links' },
    narrowest: 'namespace',
    help: 'where other tools show a rollout: name and url, with {namespace}, {name} and the like in it',
  },
  {
    name: 'notify',
    kind: { type: 'word', words: ['bell', 'osc9'] },
    narrowest: 'context',
    environment: 'SLUICE_NOTIFY',
    help: 'when a rollout begins to wait for a person: ring the bell, or send the desktop a message besides (OSC 9)',
  },
  {
    name: 'presence',
    kind: { type: 'flag' },
    narrowest: 'namespace',
    environment: 'SLUICE_PRESENCE',
    help: 'tell other consoles which rollout is open here, by a short-lived Lease beside it (never where read-only)',
  },
  {
    name: 'debugLog',
    kind: { type: 'text' },
    narrowest: 'global',
    flag: '--debug-log',
    environment: 'SLUICE_DEBUG_LOG',
    help: 'a file for requests, timings and frames, for reports of faults (no headers, no bodies)',
  },
  {
    name: 'hyperlinks',
    kind: { type: 'word', words: ['auto', 'on', 'off'] },
    narrowest: 'global',
    environment: 'SLUICE_HYPERLINKS',
    help: 'whether links can be clicked (OSC 8); auto: but for terminals that are known not to have that',
  },
  {
    name: 'plugins',
    kind: { type: 'plugins' },
    narrowest: 'global',
    help: 'modules for the engine: the name in manifests, and the file (from the folder of the settings)',
  },
] as const satisfies readonly SettingRow[];

export type SettingName = (typeof SETTINGS)[number]['name'];

/** The values once they are checked. Absent: not set there. */
export type Values = {
  readonly theme?: string;
  readonly keymap?: string;
  readonly ascii?: boolean;
  readonly time?: 'local' | 'utc';
  readonly engine?: 'auto' | 'on' | 'off';
  readonly onHangup?: 'keep' | 'release';
  readonly readOnly?: boolean;
  readonly banner?: BannerWord;
  readonly confirm?: ConfirmLevel;
  /** Milliseconds. */
  readonly takeBack?: number;
  readonly events?: 'console' | 'all' | 'none';
  readonly links?: readonly LinkSetting[];
  readonly notify?: 'bell' | 'osc9';
  readonly presence?: boolean;
  readonly debugLog?: string;
  readonly hyperlinks?: 'auto' | 'on' | 'off';
  readonly plugins?: readonly PluginSetting[];
};

const WIDTH: Readonly<Record<Scope, number>> = { global: 0, context: 1, namespace: 2 };

export function mayStandIn(row: SettingRow, scope: Scope): boolean {
  return WIDTH[scope] <= WIDTH[row.narrowest];
}

export function settingRow(name: string): SettingRow | undefined {
  return SETTINGS.find((row) => row.name === name);
}
