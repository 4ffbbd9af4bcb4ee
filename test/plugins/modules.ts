// Modules written to a folder of their own, and loaded as the engine loads them.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadPlugins } from '../../src/app/plugins.js';
import { pluginSettings, readSettings } from '../../src/app/settings.js';
import type { Plugins } from '../../src/controllers/plugins.js';
import { systemClock } from '../../src/lib/clock.js';
import type { Clock } from '../../src/lib/clock.js';

export type Folder = { readonly path: string; readonly settings: string; remove(): Promise<void> };

/** Files by name. */
export async function aFolder(files: Readonly<Record<string, string>>): Promise<Folder> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-plugins-'));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(path.join(folder, name), text)));
  return { path: folder, settings: path.join(folder, 'config.yaml'), remove: () => rm(folder, { recursive: true }) };
}

export async function loadAll(folder: Folder, clock: Clock = systemClock): Promise<Plugins> {
  const settings = await readSettings({ SLUICE_CONFIG: folder.settings }, {});
  if (settings.complaints.length > 0) throw new Error(settings.complaints.join());
  return loadPlugins(pluginSettings(settings), clock, () => {});
}

/** What the README shows under that name, to the letter. */
export async function readmeExample(name: string): Promise<string> {
  const readme = await readFile(path.join(process.env['SLUICE_ROOT'] ?? '.', 'README.md'), 'utf8');
  const found = new RegExp(`<!-- example: ${name.replaceAll('.', '\\.')} -->\\n\`\`\`\\w+\\n([^]*?)\\n\`\`\``).exec(readme)?.[1];
  if (found === undefined) throw new Error(`the README shows no ${name}`);
  return found;
}
