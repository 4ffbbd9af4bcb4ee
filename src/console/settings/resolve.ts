// Which value holds, and where it came from: flags over environment over context over global over the default.

import { err, ok, type Result } from '../../lib/result.js';
import { EMPTY_SETTINGS, readValue, type SettingsFile } from './parse.js';
import { type SettingName, SETTINGS, type Values } from './rows.js';

/** All that can set something, the strongest first. */
export type SettingsLayers = {
  readonly flags: Values;
  readonly environment: Values;
  readonly file: SettingsFile;
  /** What is wrong with the settings, as a sentence. What they were to protect can not be known: until it is mended, all is read-only. */
  readonly mistake?: string;
};

export const NO_SETTINGS: SettingsLayers = { flags: {}, environment: {}, file: EMPTY_SETTINGS };

/** Every setting has a value but those for which "none" means something. */
export type Settings = Required<Omit<Values, 'theme' | 'keymap' | 'debugLog' | 'plugins'>> &
  Pick<Values, 'theme' | 'keymap' | 'debugLog'> & {
    readonly plugins: NonNullable<Values['plugins']>;
  };

const DEFAULTS: Omit<Settings, 'confirm' | 'banner'> = {
  ascii: false,
  time: 'local',
  engine: 'auto',
  onHangup: 'keep',
  readOnly: false,
  takeBack: 3000,
  // Scripts take the command line for the plugin of Argo Rollouts, which leaves no Event.
  events: 'console',
  links: [],
  notify: 'bell',
  presence: false,
  hyperlinks: 'auto',
  plugins: [],
};

/** "prod", "production", "prd" or "live" as a word of the name. */
const PRODUCTION = /(?:^|[^a-z])(?:prod|production|prd|live)(?:[^a-z]|$)/i;

export function looksLikeProduction(context: string): boolean {
  return PRODUCTION.test(context);
}

export function fitsPattern(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'u').test(name);
}

/** Where a value came from; `path` leads to it in the file. */
export type Origin =
  | { readonly type: 'flag' | 'environment' | 'mistake' }
  | { readonly type: 'file'; readonly path: readonly string[] }
  | { readonly type: 'default'; readonly why?: string };

export type Effective = { readonly settings: Settings; readonly origins: Readonly<Record<SettingName, Origin>> };

type Layer = { readonly values: Values; origin(name: SettingName): Origin };

function layersFor({ flags, environment, file, mistake }: SettingsLayers, context: string, namespace: string | undefined): readonly Layer[] {
  const chosen = file.contexts.find(({ pattern }) => fitsPattern(pattern, context));
  const inner = namespace === undefined ? undefined : chosen?.namespaces.find(({ pattern }) => fitsPattern(pattern, namespace));
  const inFile = (values: Values, path: readonly string[]): Layer => ({ values, origin: (name) => ({ type: 'file', path: [...path, name] }) });
  return [
    { values: flags, origin: () => ({ type: 'flag' }) },
    { values: environment, origin: () => ({ type: 'environment' }) },
    ...(mistake === undefined ? [] : [{ values: { readOnly: true }, origin: () => ({ type: 'mistake' }) as const }]),
    ...(chosen === undefined || inner === undefined ? [] : [inFile(inner.values, ['contexts', chosen.pattern, 'namespaces', inner.pattern])]),
    ...(chosen === undefined ? [] : [inFile(chosen.values, ['contexts', chosen.pattern])]),
    inFile(file.global, []),
  ];
}

/** What holds for a context, and for a namespace in it. An empty context is none that is named in the file. */
export function resolveSettings(layers: SettingsLayers, context: string, namespace?: string): Effective {
  const production = looksLikeProduction(context);
  const values: Record<string, unknown> = { ...DEFAULTS, confirm: production ? 'type-name' : 'key', banner: production ? 'alarm' : 'plain' };
  const origins: Partial<Record<SettingName, Origin>> = {};
  const ordered = layersFor(layers, context, namespace);
  for (const { name } of SETTINGS) {
    const layer = ordered.find((each) => each.values[name] !== undefined);
    if (layer !== undefined) values[name] = layer.values[name];
    const why = (name === 'confirm' || name === 'banner') && production ? { why: 'the context looks like production' } : {};
    origins[name] = layer === undefined ? { type: 'default', ...why } : layer.origin(name);
  }
  // Nothing may be written: an engine could do nothing but wait.
  if (values['readOnly'] === true && values['engine'] !== 'off') {
    values['engine'] = 'off';
    origins.engine = { type: 'default', why: 'readOnly implies it' };
  }
  return { settings: values as unknown as Settings, origins: origins as Record<SettingName, Origin> };
}

/** Namespaces that the file calls by name for a context. */
export function namedNamespaces({ file }: SettingsLayers, context: string): readonly string[] {
  const chosen = file.contexts.find(({ pattern }) => fitsPattern(pattern, context));
  return (chosen?.namespaces ?? []).map(({ pattern }) => pattern).filter((pattern) => !pattern.includes('*'));
}

/** Words of the environment that mean yes and no, besides true and false. */
const WORDS: Readonly<Record<string, boolean>> = { '1': true, true: true, yes: true, on: true, '0': false, false: false, no: false, off: false };

/** Settings from the environment; the failure is a sentence. */
export function settingsOfEnvironment(environment: Readonly<Record<string, string | undefined>>): Result<Values, string> {
  const values: Record<string, unknown> = {};
  for (const row of SETTINGS) {
    const variable = 'environment' in row ? row.environment : undefined;
    const text = variable === undefined ? undefined : environment[variable];
    if (variable === undefined || text === undefined || text === '') continue;
    const value = row.kind.type === 'flag' ? (WORDS[text.toLowerCase()] ?? text) : text;
    const read = readValue(row.kind, value);
    if (!read.ok) return err(`$${variable} ${read.error}`);
    values[row.name] = read.value;
  }
  return ok(values);
}
