// What killed processes left behind is removed, and nothing else.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { removeDeadKubeconfigs } from '../../src/app/kubeconfig-path.js';
import { temporaryFolder } from '../support/sluice.js';

test('kubeconfigs of processes that are no more are removed; those of the living, of other names, rights and kinds stay', async (t) => {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  const write = (name: string, mode: number): void => chmodSync(folder.file(name, 'x'), mode);
  write(`sluice-${dead}.kubeconfig`, 0o600);
  write(`sluice-${dead}.kubeconfig.0123456789ab.tmp`, 0o600);
  const kept = [`sluice-${process.pid}.kubeconfig`, 'sluice-0.kubeconfig', 'sluice-x.kubeconfig', `sluice-${dead}.kubeconfig.bak`, `other-${dead}.kubeconfig`];
  for (const name of kept) write(name, 0o600);
  await removeDeadKubeconfigs({ XDG_RUNTIME_DIR: folder.path });
  assert.deepEqual(readdirSync(folder.path).sort(), kept.sort());
  write(`sluice-${dead}.kubeconfig`, 0o644);
  await removeDeadKubeconfigs({ XDG_RUNTIME_DIR: folder.path });
  assert.ok(readdirSync(folder.path).includes(`sluice-${dead}.kubeconfig`), 'others may read it: none of ours');
  symlinkSync('/dev/null', `${folder.path}/sluice-${dead}.kubeconfig.ba9876543210.tmp`);
  await removeDeadKubeconfigs({ XDG_RUNTIME_DIR: folder.path });
  assert.ok(readdirSync(folder.path).includes(`sluice-${dead}.kubeconfig.ba9876543210.tmp`), 'a link is none of ours');
  await removeDeadKubeconfigs({ XDG_RUNTIME_DIR: `${folder.path}/none` });
});
