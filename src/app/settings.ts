// The settings of this start: flags, environment, and the person's file, which is read again whenever it changes.
// Without a file nothing is loaded for it: the first frame does not wait for a YAML parser that nobody needs.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { EMPTY_SETTINGS } from '../console/settings/parse.js';
import { NO_SETTINGS, type Origin, resolveSettings, settingsOfEnvironment, type SettingsLayers } from '../console/settings/resolve.js';
import { type PluginSetting, settingRow, type SettingName, type Values } from '../console/settings/rows.js';
import { configFolder } from './user-folders.js';

export type SettingsSource = {
  readonly layers: SettingsLayers;
  readonly file: string;
  /** Sentences that name file and line, or the variable. What is wrong sets nothing. */
  readonly complaints: readonly string[];
  /** "--theme", "$SLUICE_THEME", "/home/a/.config/sluice/config.yaml:3", "default" */
  originText(name: SettingName, origin: Origin): string;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** $SLUICE_CONFIG, or config.yaml in the person's folder. */
export function settingsFile(environment: Environment): string {
  const { SLUICE_CONFIG: named = '' } = environment;
  return named === '' ? path.join(configFolder(environment), 'config.yaml') : named;
}

/** `before` is what held until now: where the file has a mistake, it goes on to hold, but read-only. */
export async function readSettings(environment: Environment, flags: Values, before?: SettingsSource): Promise<SettingsSource> {
  const file = settingsFile(environment);
  const fromEnvironment = settingsOfEnvironment(environment);
  const complaints = fromEnvironment.ok ? [] : [fromEnvironment.error];
  let content = EMPTY_SETTINGS;
  let lineOf = (_at: readonly string[]): number => 1;
  // A file that was named by hand must be there.
  if (existsSync(file) || (environment['SLUICE_CONFIG'] ?? '') !== '') {
    const [{ readDataFile }, { parseSettings }] = await Promise.all([import('./data-file.js'), import('../console/settings/parse.js')]);
    const read = await readDataFile(file, parseSettings);
    if (read.ok) ({ content, lineOf } = read.value);
    else complaints.push(...read.error);
  }
  const [mistake] = complaints;
  const layers = { ...NO_SETTINGS, flags, environment: fromEnvironment.ok ? fromEnvironment.value : {} };
  // What was to be read-only can not be known from a file with a mistake: then everything is, until it is mended.
  if (mistake !== undefined)
    return {
      layers: { ...layers, file: before?.layers.file ?? EMPTY_SETTINGS, mistake },
      file,
      complaints,
      originText: before?.originText ?? ((name, origin) => originText(name, origin, file, lineOf)),
    };
  return { layers: { ...layers, file: content }, file, complaints, originText: (name, origin) => originText(name, origin, file, lineOf) };
}

/** What is wrong with the settings, and what that means as long as it is. */
export function mistakeTexts({ layers, complaints }: SettingsSource): readonly string[] {
  const means = resolveSettings(layers, '').settings.readOnly ? ': everything is read-only until it is mended' : ': what held before still holds';
  return complaints.map((text) => `${text}${means}`);
}

/** The modules for the engine. A path that is not absolute starts at the settings file. */
export function pluginSettings({ layers, file }: SettingsSource): readonly PluginSetting[] {
  const { plugins } = resolveSettings(layers, '').settings;
  return plugins.map(({ name, module }) => ({ name, module: path.resolve(path.dirname(file), module) }));
}

/** Why nothing may be written to this context, as the name of the source; undefined when it may. */
export function writeRefusal(source: SettingsSource, context: string): string | undefined {
  const { settings, origins } = resolveSettings(source.layers, context);
  return settings.readOnly ? source.originText('readOnly', origins.readOnly) : undefined;
}

function originText(name: SettingName, origin: Origin, file: string, lineOf: (at: readonly string[]) => number): string {
  const row = settingRow(name);
  switch (origin.type) {
    case 'flag':
      return row?.flag ?? 'flag';
    case 'environment':
      return `$${row?.environment ?? ''}`;
    case 'file':
      return `${file}:${lineOf(origin.path)}${origin.path.length > 1 ? ` (${origin.path.slice(0, -1).join(' ')})` : ''}`;
    case 'mistake':
      return 'the settings have a mistake';
    case 'default':
      return origin.why === undefined ? 'default' : `default: ${origin.why}`;
  }
}
