// Themes and keymaps that the user named: read, checked, or refused with the reason while the defaults stay.

import { parseKeymap, type Keymap } from '../console/keymap.js';
import { parseTheme, type Theme } from '../console/theme.js';
import { dataFilePath, readDataFile } from './data-file.js';

export type Look = {
  readonly theme: Theme;
  readonly keymap: Keymap;
  readonly complaints: readonly string[];
  /** The files that it came from: when one changes, it is to be read again. */
  readonly files: readonly string[];
};

/** The screen has one line for a complaint: the first problem is told, and how many more there are. */
export function firstOf(complaints: readonly string[], instead: string): string[] {
  const [first] = complaints;
  if (first === undefined) return [];
  return [`${first}${complaints.length > 1 ? ` (and ${complaints.length - 1} more)` : ''}: ${instead}`];
}

export type WantedLook = {
  readonly theme: string | undefined;
  readonly keymap: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** `instead` says what is done without: "the default is used". */
export async function readLook(wanted: WantedLook, fallback: Pick<Look, 'theme' | 'keymap'>, instead = 'the default is used'): Promise<Look> {
  const themeFile = wanted.theme === undefined ? undefined : dataFilePath('themes', wanted.theme, wanted.environment);
  const keymapFile = wanted.keymap === undefined ? undefined : dataFilePath('keymaps', wanted.keymap, wanted.environment);
  const theme = themeFile === undefined ? undefined : await readDataFile(themeFile, parseTheme);
  const keymap = keymapFile === undefined ? undefined : await readDataFile(keymapFile, parseKeymap);
  return {
    theme: theme?.ok === true ? theme.value.content : fallback.theme,
    keymap: keymap?.ok === true ? keymap.value.content : fallback.keymap,
    complaints: [...firstOf(theme?.ok === false ? theme.error : [], instead), ...firstOf(keymap?.ok === false ? keymap.error : [], instead)],
    files: [themeFile, keymapFile].filter((file) => file !== undefined),
  };
}
