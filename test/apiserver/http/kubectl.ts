// The real kubectl against a test server: found on PATH, run with a home and a cache of its own.

import { execFile, spawn } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

export type Kubectl = {
  /** Its own folder: files written here are found by their bare name. */
  readonly folder: string;
  write(name: string, text: string): Promise<void>;
  run(...args: readonly string[]): Promise<Ran>;
  /** Starts one that does not end by itself. */
  follow(...args: readonly string[]): Followed;
  remove(): Promise<void>;
};

export type Followed = {
  /** Resolves with all that was printed, as soon as it matches; rejects when the command ends before. */
  printed(pattern: RegExp): Promise<string>;
  stop(): void;
};

/** Undefined when there is none. */
export function findKubectl(): string | undefined {
  return (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, 'kubectl')).find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Binaries of single versions that lie beside it ("kubectl.1.27"). */
export async function findKubectlVersions(kubectl: string): Promise<readonly string[]> {
  const folder = path.dirname(realpathSync(kubectl));
  return (await readdir(folder)).filter((name) => /^kubectl\.1\.\d+$/.test(name)).toSorted().map((name) => path.join(folder, name));
}

const TIMEOUT_MS = 60_000;

export async function useKubectl(binary: string, kubeconfig: string, environment: Readonly<Record<string, string>> = {}): Promise<Kubectl> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-kubectl-'));
  const config = path.join(folder, 'kubeconfig');
  await writeFile(config, kubeconfig, { mode: 0o600 });
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: config, ...environment };
  return {
    folder,
    write: (name, text) => writeFile(path.join(folder, name), text, { mode: 0o755 }),
    run: (...args) => new Promise((resolve) => {
      execFile(binary, [...args], { cwd: folder, env, timeout: TIMEOUT_MS }, (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : Number(error !== null), out, err });
      });
    }),
    follow: (...args) => {
      const child = spawn(binary, [...args], { cwd: folder, env, timeout: TIMEOUT_MS });
      let out = '';
      const collect = (chunk: Buffer): void => {
        out += chunk.toString();
      };
      child.stdout.on('data', collect);
      child.stderr.on('data', collect);
      return {
        printed: (pattern) => new Promise((resolve, reject) => {
          const look = (): void => {
            if (pattern.test(out)) resolve(out);
          };
          look();
          child.stdout.on('data', look);
          child.once('close', () => reject(new Error(`kubectl ${args.join(' ')} ended without ${String(pattern)}: ${out}`)));
        }),
        stop: () => child.kill(),
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export const MANIFESTS = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "nginx:1", ports: [{containerPort: 80}]}
      - {name: side, image: "side:1"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: "1"}
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: w1}
spec: {replicas: 1, colour: red}
`;
