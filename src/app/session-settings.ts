// The look and the settings of a session: chosen before its first frame, read again whenever one of their files changes.

import { DEFAULT_KEYMAP } from '../console/keymap.js';
import { resolveSettings, type Settings } from '../console/settings/resolve.js';
import type { Clock } from '../lib/clock.js';
import { DEFAULT_THEME, MONO_THEME } from './default-themes.js';
import type { Look } from './look.js';
import { ownFile, readOwn } from './own-file.js';
import type { Program } from './program.js';
import { mistakeTexts, type SettingsSource } from './settings.js';
import { watchFiles } from './watch-files.js';

type Environment = Readonly<Record<string, string | undefined>>;

export type Followed = {
  readonly clock: Clock;
  readonly environment: Environment;
  readonly settings: SettingsSource;
  /** Reads them again: their file has changed. */
  rereadSettings(): Promise<SettingsSource>;
};

/** Minutes east of Greenwich that clock times are shown in. */
export const offsetOf = ({ time }: Settings, clock: Clock): number => (time === 'utc' ? 0 : localOffset(clock));

export const localOffset = (clock: Clock): number => -new Date(clock.now()).getTimezoneOffset();

/** A bad file is named with line and reason, and the default is used. */
export async function chooseLook({ layers }: SettingsSource, environment: Environment, colour: boolean, present?: Look): Promise<Look> {
  const { theme, keymap } = resolveSettings(layers, '').settings;
  const fallback: Look = { theme: colour ? DEFAULT_THEME : MONO_THEME, keymap: DEFAULT_KEYMAP, complaints: [], files: [] };
  if (theme === undefined && keymap === undefined) return fallback;
  const { readLook } = await import('./look.js');
  return present === undefined
    ? readLook({ theme, keymap, environment }, fallback)
    : readLook({ theme, keymap, environment }, present, 'what was there before stays');
}

/**
 * Settings, theme, keymap and the person's own commands are read again when one of their files changes. Bad settings make all
 * read-only; of the others a bad file changes nothing. Returns what ends it.
 */
export function followSettings(options: Followed, first: Look, colour: boolean, program: Program): () => void {
  const { clock } = options;
  let look = first;
  let source = options.settings;
  /** Against the keymap that holds now: a key may have got another meaning. The failure is a sentence. */
  const readAgain = async (): Promise<readonly string[]> => {
    const own = await readOwn(options.environment, look.keymap);
    if (own.ok) {
      program.post({ type: 'own-changed', own: own.value });
      return [];
    }
    const { firstOf } = await import('./look.js');
    return firstOf(own.error, 'your commands and hotkeys stay as they were');
  };
  const again = async (): Promise<void> => {
    source = await options.rereadSettings();
    look = await chooseLook(source, options.environment, colour, look);
    const utcOffsetMinutes = offsetOf(resolveSettings(source.layers, '').settings, clock);
    program.post({ type: 'settings-changed', settings: source.layers, keymap: look.keymap, utcOffsetMinutes });
    program.setTheme(look.theme);
    const complaints = [...mistakeTexts(source), ...look.complaints, ...(await readAgain())];
    for (const text of complaints.slice(0, 1)) program.post({ type: 'notice', level: 'attention', text, now: clock.now() });
    if (complaints.length === 0) program.post({ type: 'notice', level: 'info', text: 'The settings were read again.', now: clock.now() });
    watch.follow(files());
  };
  const files = (): readonly string[] => [source.file, ownFile(options.environment), ...look.files];
  const watch = watchFiles(files(), clock, again);
  void readAgain().then((complaints) => {
    for (const text of complaints) program.post({ type: 'notice', level: 'attention', text, now: clock.now() });
  });
  return () => watch.stop();
}
