// Bundles the program into dist/: the verbs in one bundle, those that open a console in another, both split so that what is not needed
// first is loaded later.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');

// blessed requires its widgets by a computed path, which a bundler can not resolve. Those that are used are fewer, and every program
// reads and runs what is bundled before its first frame.
const WIDGETS = ['Node', 'Screen', 'Element', 'Box'];
const blessedWidgets = {
  name: 'blessed-widgets',
  setup(builder) {
    builder.onLoad({ filter: /blessed[\\/]lib[\\/]widget\.js$/ }, () => ({
      loader: 'js',
      contents: WIDGETS.map((name) => `exports.${name} = exports.${name.toLowerCase()} = require('./widgets/${name.toLowerCase()}.js');`).join('\n'),
    }));
  },
};

/** As modules that load the real ones when they are used; those that must answer at once come from files beside the chunks. */
const REQUIRED_LATER = ['socks-proxy-agent', 'jsonpath-plus'];
const ASKED_FOR_LATER = {
  'socks-proxy-agent': `export const SocksProxyAgent = function (...words) { return new (require('../later/socks-proxy-agent.cjs').SocksProxyAgent)(...words); };`,
  'jsonpath-plus': `export const JSONPath = (...words) => require('../later/jsonpath-plus.cjs').JSONPath(...words);`,
  // client-node gives the issuer as text, which openid-client refuses.
  'openid-client': `
    export const discovery = async (issuer, ...more) => (await import('openid-client')).discovery(new URL(issuer), ...more);
    export const refreshTokenGrant = async (...words) => (await import('openid-client')).refreshTokenGrant(...words);
  `,
};

// Of client-node only the reader of kubeconfig files is used. It names clients for all of Kubernetes, and a fetch for them, four fifths of
// what would be read before the first rows.
const kubeconfigReader = {
  name: 'kubeconfig-reader',
  setup(builder) {
    builder.onLoad({ filter: /client-node[\\/]dist[\\/]gen[\\/]index\.js$/ }, () => ({ loader: 'js', contents: 'export const createConfiguration = undefined, ServerConfiguration = undefined;' }));
    // What few kubeconfigs ask for stands in files of its own: a quarter of what would be read before the first rows.
    builder.onResolve({ filter: /./ }, ({ path: name, kind, resolveDir }) =>
      kind === 'import-statement' && Object.hasOwn(ASKED_FOR_LATER, name) ? { path: name, namespace: 'asked-for-later', pluginData: resolveDir } : undefined,
    );
    builder.onLoad({ filter: /./, namespace: 'asked-for-later' }, ({ path: name, pluginData }) => ({ loader: 'js', resolveDir: pluginData, contents: ASKED_FOR_LATER[name] }));
    builder.onResolve({ filter: /^\.\.\/later\// }, ({ path: file }) => ({ path: file, external: true }));
    // The global one loads a whole client when it is first named.
    builder.onLoad({ filter: /[\\/]node-fetch[\\/]/ }, () => ({ loader: 'js', contents: 'export const Headers = function (...words) { return new globalThis.Headers(...words); };' }));
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

/** AWS's packages as ES modules: one of the other kind, where it is loaded later and is a chunk of its own, has a default export only. */
const awsAsModules = {
  name: 'aws-as-modules',
  setup(builder) {
    const again = Symbol();
    builder.onResolve({ filter: /^@(aws-sdk|smithy)\// }, async ({ path: name, pluginData, ...args }) => {
      if (pluginData === again) return undefined;
      const found = await builder.resolve(name, { ...args, pluginData: again });
      const file = found.path.replace(`${path.sep}dist-cjs${path.sep}`, `${path.sep}dist-es${path.sep}`);
      return existsSync(file) ? { ...found, path: file } : found;
    });
  },
};

/** The verbs that open a console are bundled apart from the others: their first frame waits for what is read before it. */
const CONSOLE = { demo: 'src/commands/demo.ts', console: 'src/commands/console.ts' };
const consoleFile = (name) => path.join(dist, 'console', `${name}.js`);

const consoleApart = {
  name: 'console-apart',
  setup(builder) {
    builder.onResolve({ filter: /\/(demo|console)\.js$/ }, (args) => {
      const name = path.basename(args.path, '.js');
      const isIt = args.kind === 'dynamic-import' && path.resolve(args.resolveDir, args.path).startsWith(path.join(root, CONSOLE[name]).replace(/ts$/, ''));
      return isIt ? { path: `console:${name}`, external: true } : undefined;
    });
  },
};

/** One file is found, read and compiled faster than fifty: whatever a console loads later counts as needing all of the first frame, too. */
const oneFirstChunk = {
  name: 'one-first-chunk',
  async setup(builder) {
    const later = new Set();
    for (const entry of await readdir(path.join(root, 'src'), { recursive: true, withFileTypes: true })) {
      if (!entry.name.endsWith('.ts')) continue;
      const folder = entry.parentPath ?? entry.path;
      for (const [, file] of (await readFile(path.join(folder, entry.name), 'utf8')).matchAll(/\bimport\('(\.[^']+)'\)/g)) later.add(path.resolve(folder, file.replace(/js$/, 'ts')));
    }
    const first = Object.values(CONSOLE).map((file) => `import ${JSON.stringify(path.join(root, file))};`).join('');
    builder.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async (args) => (later.has(args.path) ? { loader: 'ts', contents: `${first}${await readFile(args.path, 'utf8')}` } : undefined));
  },
};

const COMMON = {
  write: false,
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  // Less to parse is less until the first full frame. Names stay as they are, for the traces of faults: to shorten them and to keep them
  // all the same takes a call for each function whenever it is made, a tenth of what the first rows cost. An uncaught fault prints its
  // line of source: no line may be the whole program.
  minifyWhitespace: true,
  lineLimit: 160,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
};

const bundle = ({ plugins, ...where }) =>
  build({
    ...COMMON,
    ...where,
    splitting: true,
    format: 'esm',
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: banner },
    plugins: [blessedWidgets, kubeconfigReader, awsAsModules, ...plugins],
    // The same code as ES modules.
    alias: { yaml: path.join(root, 'node_modules', 'yaml', 'browser', 'index.js') },
    external: ['term.js', 'pty.js', 'encoding', 'bufferutil', 'utf-8-validate'],
    loader: { '.json': 'json' },
  });

const requiredLater = (outdir) => build({ ...COMMON, format: 'cjs', entryPoints: REQUIRED_LATER, outdir: path.join(outdir, 'later'), outExtension: { '.js': '.cjs' } });

const bundles = await Promise.all([
  requiredLater(path.join(dist, 'console')),
  requiredLater(dist),
  bundle({ entryPoints: CONSOLE, outdir: path.join(dist, 'console'), plugins: [oneFirstChunk] }),
  bundle({ entryPoints: { main: 'src/main.ts' }, outdir: dist, plugins: [consoleApart] }),
]);
const outputFiles = bundles.flatMap((made) => made.outputFiles);

/** Where the console is, as seen from this file. */
function textOf({ path: file, text }) {
  const pathTo = (name) => path.relative(path.dirname(file), consoleFile(name)).split(path.sep).join('/').replace(/^(?!\.)/, './');
  return text.replaceAll(/(["'])console:(\w+)\1/g, (whole, _quote, name) => (Object.hasOwn(CONSOLE, name) ? JSON.stringify(pathTo(name)) : whole));
}

/** A program that runs from the build before still loads its chunks for a while: what is left over goes later. */
const LEFTOVER_MS = 15 * 60_000;

const written = new Set(outputFiles.map((file) => file.path));
const chunkFolders = [path.join(dist, 'chunks'), path.join(dist, 'console', 'chunks')];
for (const folder of new Set(outputFiles.map((file) => path.dirname(file.path)))) await mkdir(folder, { recursive: true });
// main.js last, and each file whole or not at all: somebody may start the program meanwhile.
for (const file of outputFiles.toSorted((a, b) => b.path.length - a.path.length)) {
  await writeFile(`${file.path}.new`, textOf(file), { mode: 0o755 });
  await rename(`${file.path}.new`, file.path);
}
for (const folder of chunkFolders) {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if (!written.has(file) && Date.now() - (await stat(file)).mtimeMs > LEFTOVER_MS) await rm(file, { force: true });
  }
}
// blessed reads its terminfo files beside its own code at run time.
await cp(path.join(root, 'node_modules', 'blessed', 'usr'), path.join(dist, 'console', 'usr'), { recursive: true });
await chmod(path.join(dist, 'main.js'), 0o755);
