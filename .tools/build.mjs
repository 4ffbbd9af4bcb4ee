// Bundles the program into dist/: one entry, split so that what the first frame does not need is loaded after it.
import { build } from 'esbuild';
import { chmod, cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');

// blessed requires its widgets by a computed path without an extension, which a bundler can not resolve.
const blessedWidgets = {
  name: 'blessed-widgets',
  setup(builder) {
    builder.onLoad({ filter: /blessed[\\/]lib[\\/]widget\.js$/ }, async (args) => ({
      loader: 'js',
      contents: (await readFile(args.path, 'utf8')).replace("require('./widgets/' + file)", "require('./widgets/' + file + '.js')"),
    }));
  },
};

const banner = [
  '#!/usr/bin/env node',
  // Bundled dependencies are no longer under node_modules, so Node would print their deprecations over the screen.
  'process.noDeprecation = true;',
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  "import __path from 'node:path';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  'const __dirname = __path.dirname(__filename);',
].join('\n');

const { outputFiles } = await build({
  write: false,
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts' },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  chunkNames: 'chunks/[name]-[hash]',
  banner: { js: banner },
  plugins: [blessedWidgets],
  // The same code as ES modules: a CommonJS package in a chunk of its own has a default export only.
  alias: { yaml: path.join(root, 'node_modules', 'yaml', 'browser', 'index.js') },
  external: ['term.js', 'pty.js', 'encoding', 'bufferutil', 'utf-8-validate'],
  loader: { '.json': 'json' },
  // Less to parse is 30 ms less until the first full frame. An uncaught fault prints its line of source: no line may be the
  // whole program.
  minifyWhitespace: true,
  lineLimit: 160,
  minifyIdentifiers: true,
  minifySyntax: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
});

/** A program that runs from the build before still loads its chunks for a while: what is left over goes later. */
const LEFTOVER_MS = 15 * 60_000;

const written = new Set(outputFiles.map((file) => file.path));
await mkdir(path.join(dist, 'chunks'), { recursive: true });
// main.js last, and each file whole or not at all: somebody may start the program meanwhile.
for (const file of outputFiles.toSorted((a, b) => b.path.length - a.path.length)) {
  await writeFile(`${file.path}.new`, file.contents, { mode: 0o755 });
  await rename(`${file.path}.new`, file.path);
}
for (const name of await readdir(path.join(dist, 'chunks'))) {
  const file = path.join(dist, 'chunks', name);
  if (!written.has(file) && Date.now() - (await stat(file)).mtimeMs > LEFTOVER_MS) await rm(file, { force: true });
}
// blessed reads its terminfo files beside its own code at run time.
await cp(path.join(root, 'node_modules', 'blessed', 'usr'), path.join(root, 'dist', 'usr'), { recursive: true });
await chmod(path.join(dist, 'main.js'), 0o755);
