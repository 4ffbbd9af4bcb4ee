// Where the package's own data files (themes, keymaps) are, however the program was started.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `themes/`: above the bundle in dist/, or the project when the tests run. */
export function packageRoot(): string {
  const named = process.env['SLUICE_ROOT'];
  if (named !== undefined && named !== '') return named;
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'themes', 'default.yaml')) && path.dirname(folder) !== folder) folder = path.dirname(folder);
  return folder;
}
