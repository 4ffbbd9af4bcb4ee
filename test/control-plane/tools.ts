// The programs of the control plane, built from the Go modules of this folder: each module pins one project with the versions
// that it was released with. Built once for each content of the modules; Go's own build cache makes a second clone quick.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from './processes.js';

const ROOT = process.env['SLUICE_ROOT'] ?? '.';
const SOURCES = path.join(ROOT, 'test', 'control-plane');
const CACHE = path.join(ROOT, '.cache', 'control-plane');

/** Asked for by clients: kubectl chooses what it sends by the version that the server says it has. */
const KUBERNETES_VERSION = 'v1.34.1';
const [, MAJOR, MINOR] = /^v(\d+)\.(\d+)/.exec(KUBERNETES_VERSION) ?? [];
const VERSION_PACKAGE = 'k8s.io/component-base/version';
const LINKED_VERSION = `-X ${VERSION_PACKAGE}.gitVersion=${KUBERNETES_VERSION} -X ${VERSION_PACKAGE}.gitMajor=${MAJOR} -X ${VERSION_PACKAGE}.gitMinor=${MINOR}`;

type Tool = { readonly name: string; readonly module: string; readonly package: string; readonly linkFlags: string };

const kubernetes = (name: string): Tool => ({ name, module: 'kubernetes', package: `k8s.io/kubernetes/cmd/${name}`, linkFlags: `-s -w ${LINKED_VERSION}` });

const TOOLS: readonly Tool[] = [
  kubernetes('kube-apiserver'),
  kubernetes('kube-controller-manager'),
  kubernetes('kube-scheduler'),
  { name: 'etcd', module: 'etcd', package: 'go.etcd.io/etcd/server/v3', linkFlags: '-s -w' },
  { name: 'kwok', module: 'kwok', package: 'sigs.k8s.io/kwok/cmd/kwok', linkFlags: '-s -w' },
];

/** What decides about the programs: the modules, and how they are linked. */
function fingerprint(): string {
  const hash = createHash('sha256').update(JSON.stringify(TOOLS));
  for (const module of new Set(TOOLS.map((tool) => tool.module))) for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(path.join(SOURCES, module, file)));
  return hash.digest('hex').slice(0, 16);
}

/** The folder of the programs; builds them when they are not there, which takes about ten minutes with an empty cache on two cores. */
export async function buildTools(say: (line: string) => void, signal: AbortSignal): Promise<string> {
  const folder = path.join(CACHE, fingerprint());
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  const draft = await mkdtemp(path.join(CACHE, 'building-'));
  try {
    // One after the other: a compiler for each core is started anyway, and a linker needs more than a gigabyte.
    for (const tool of TOOLS) {
      say(`building ${tool.name}`);
      const cwd = path.join(SOURCES, tool.module);
      const args = ['build', '-ldflags', tool.linkFlags, '-o', path.join(draft, tool.name), tool.package];
      const ended = await runProgram('go', args, { cwd, environment: { CGO_ENABLED: '0' }, signal });
      if (ended !== 0) throw new Error(`${tool.name} can not be built from test/control-plane/${tool.module} (${ended}): Go 1.24 or newer is needed, and a module proxy that go can reach`);
    }
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}
