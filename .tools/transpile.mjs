// Turns src/ and test/ into plain JavaScript under .cache/js, one file to one file, only what changed.
// Tests run on that: no loader in the child processes, and a stack trace names the same file and line.
import { transform } from 'esbuild';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const outDir = path.join(root, '.cache', 'js');

async function walk(dir) {
  const found = [];
  for (const entry of await readdir(dir, { withFileTypes: true }).catch(() => [])) {
    const full = path.join(dir, entry.name);
    if (entry.isDirectory()) found.push(...(await walk(full)));
    else found.push(full);
  }
  return found;
}

const mtime = async (file) => (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;

async function writeAtomically(file, text) {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}

async function emit(source) {
  const isTypeScript = source.endsWith('.ts') && !source.endsWith('.d.ts');
  const target = path.join(outDir, path.relative(root, source)).replace(/\.ts$/, isTypeScript ? '.js' : '.ts');
  if ((await mtime(target)) > (await mtime(source))) return target;
  const text = await readFile(source);
  if (!isTypeScript) {
    await writeAtomically(target, text);
    return target;
  }
  try {
    const { code } = await transform(text.toString(), { loader: 'ts', target: 'node20', format: 'esm', sourcemap: 'inline', sourcefile: source });
    await writeAtomically(target, code);
  } catch (error) {
    process.stderr.write(`transpile: ${path.relative(root, source)}: ${error.message}\n`);
    await rm(target, { force: true });
  }
  return target;
}

export async function transpile() {
  const sources = [...(await walk(path.join(root, 'src'))), ...(await walk(path.join(root, 'test')))].filter((file) => !/\.(md|mod|sum)$/.test(file));
  const targets = new Set();
  for (let i = 0; i < sources.length; i += 64) for (const target of await Promise.all(sources.slice(i, i + 64).map(emit))) targets.add(target);
  for (const file of await walk(outDir)) if (!targets.has(file) && !file.endsWith('.tmp') && !file.endsWith('package.json')) await rm(file, { force: true });
  await writeAtomically(path.join(outDir, 'package.json'), '{"type":"module"}\n');
  return [...targets];
}
