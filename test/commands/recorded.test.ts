// The verbs answer as the plugin answered when it was recorded: an Istio canary that is released, paused, promoted, aborted,
// retried and promoted to the end. Ages, delays and the random ends of pod names are the recording's own.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { isRecord } from '../../src/lib/deep.js';
import { startServer, type TestServer, until } from '../support/sluice.js';
import { SHOP } from './manifests.js';

type Recorded = { readonly command: string; readonly code: number; readonly output: string };

const RECORDED = JSON.parse(readFileSync(path.join(process.env['SLUICE_ROOT'] ?? '.', 'test/commands/recorded-canary.json'), 'utf8')) as readonly Recorded[];

/** What must hold before the command at this place is run. */
const BEFORE: Readonly<Record<number, (status: Readonly<Record<string, unknown>>, text: string) => boolean>> = {
  0: (status) => status['phase'] === 'Healthy',
  4: (status) => status['phase'] === 'Paused' && status['currentStepIndex'] === 1,
  8: (status) => status['phase'] === 'Paused' && status['currentStepIndex'] === 3,
  9: (status, text) => status['phase'] === 'Degraded' && text.includes('ScaledDown') && text.includes('delay:passed') && !text.includes('Terminating') && /Current: +2\n/.test(text),
  13: (status) => status['phase'] === 'Paused' && status['currentStepIndex'] === 1,
  14: (status) => status['phase'] === 'Healthy' && status['replicas'] === 4,
};

function comparable(text: string): string {
  return text
    .replaceAll(/-(<pod>|[a-z0-9]{5})(?= +Pod )/g, '-<pod>')
    .replaceAll(/delay:\d+s/g, 'delay:<time>')
    .replaceAll(/(?<=(✔|◌|॥|✖|•) \w+ +)\d+[smh]\d*s? */g, '<age> ')
    .split('\n').map((line) => line.trimEnd()).join('\n').trimEnd();
}

async function waitFor(server: TestServer, holds: (status: Readonly<Record<string, unknown>>, text: string) => boolean): Promise<void> {
  await until('the state in which the plugin was asked', async () => {
    const { status } = await server.rollout('shop');
    return isRecord(status) && holds(status, (await server.run('get', 'rollout', 'shop')).stdout);
  });
}

test('the verbs print what the plugin prints', async (t) => {
  const server = await startServer(SHOP);
  t.after(() => server.stop());
  for (const [index, { command, code, output }] of RECORDED.entries()) {
    const before = BEFORE[index];
    if (before !== undefined) await waitFor(server, before);
    const ran = await server.run(...command.split(' '));
    assert.equal(comparable(`${ran.stdout}${ran.stderr}`), comparable(output), `${index}: ${command}`);
    assert.equal(ran.code, code, `${index}: ${command}`);
  }
});
