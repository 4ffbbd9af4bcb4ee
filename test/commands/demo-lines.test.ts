// `sluice demo` where no screen can be: the world is there all the same, as lines, and for kubectl; all of it goes with Ctrl-C.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { Running, sluice, temporaryFolder, until } from '../support/sluice.js';

test('without a terminal the demo is told in lines until it is interrupted', async (t) => {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  const demo = new Running(['demo', 'colorapi', '--autoplay', 'off'], { XDG_RUNTIME_DIR: folder.path });
  t.after(() => demo.child.kill('SIGKILL'));
  await demo.says(/^NAMESPACE +NAME +STRATEGY .*\ndefault +colorapi +Canary/);
  await demo.says(/default +colorapi +Canary +Healthy/);
  assert.match(demo.stderr, /not both a terminal[^]*export KUBECONFIG=\S+[^]*curl http:\/\/127\.0\.0\.1:\d+ +\(colorapi\)/);
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(demo.stdout, /\u001b/);
  const kubeconfig = await until('the kubeconfig', () => readdirSync(folder.path).find((name) => name.endsWith('.kubeconfig')));
  const set = await sluice(['set', 'image', 'colorapi', 'colorapi=particule/simplecolorapi:2.0'], { KUBECONFIG: `${folder.path}/${kubeconfig}` });
  assert.equal(set.code, 0, set.stderr);
  await demo.says(/default +colorapi +Canary +Progressing +0\//);
  demo.child.kill('SIGINT');
  assert.equal(await demo.exited, 0);
  assert.deepEqual(readdirSync(folder.path), []);
});
