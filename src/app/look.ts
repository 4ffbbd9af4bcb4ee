// Themes and keymaps that the user named: read, checked, or refused with the reason while the defaults stay.

import { parseKeymap, type Keymap } from '../console/keymap.js';
import { parseTheme, type Theme } from '../console/theme.js';
import { dataFilePath, readDataFile } from './data-file.js';

type Look = { readonly theme: Theme; readonly keymap: Keymap; readonly complaints: readonly string[] };

/** The screen has one line for a complaint: the first problem is told, and how many more there are. */
function firstOf(complaints: readonly string[]): string[] {
  const [first] = complaints;
  if (first === undefined) return [];
  return [`${first}${complaints.length > 1 ? ` (and ${complaints.length - 1} more)` : ''}: the default is used`];
}

export async function readLook(wanted: { readonly theme: string | undefined; readonly keymap: string | undefined }, fallback: Look): Promise<Look> {
  const theme = wanted.theme === undefined ? undefined : await readDataFile(dataFilePath('themes', wanted.theme), parseTheme);
  const keymap = wanted.keymap === undefined ? undefined : await readDataFile(dataFilePath('keymaps', wanted.keymap), parseKeymap);
  return {
    theme: theme?.ok === true ? theme.value : fallback.theme,
    keymap: keymap?.ok === true ? keymap.value : fallback.keymap,
    complaints: [...firstOf(theme?.ok === false ? theme.error : []), ...firstOf(keymap?.ok === false ? keymap.error : [])],
  };
}
