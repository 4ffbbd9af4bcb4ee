// What the verbs answer when there is nothing to do, nothing there, or the command line is wrong: the words and exit codes of
// the plugin where it has the verb, and 2 with one clear line for a mistake in the command line.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COMMANDS } from '../../src/commands/table.js';
import { isRecord } from '../../src/lib/deep.js';
import { Running, sluice, startServer, type TestServer, until } from '../support/sluice.js';
import { MILL_AND_TILL } from './manifests.js';

let server: TestServer;
before(async () => {
  server = await startServer(MILL_AND_TILL);
  await untilStatus('mill', (status) => status['phase'] === 'Healthy');
});
after(() => server.stop());

async function untilStatus(name: string, holds: (status: Readonly<Record<string, unknown>>) => boolean): Promise<void> {
  await until(`the state of ${name}`, async () => {
    const { status } = await server.rollout(name);
    return isRecord(status) && holds(status);
  });
}

const specOf = async (name: string): Promise<Readonly<Record<string, unknown>>> => {
  const { spec } = await server.rollout(name);
  return isRecord(spec) ? spec : {};
};

/** Recorded of the plugin: command, exit code, what it prints. */
const PLUGIN: readonly (readonly [command: string, code: number, output: string])[] = [
  ['get rollout nope', 1, 'Error: rollout.argoproj.io "nope" not found\n'],
  ['status nope --watch=false', 1, 'Error: rollout.argoproj.io "nope" not found\n'],
  ['promote nope', 1, 'Error: rollouts.argoproj.io "nope" not found\n'],
  ['promote mill', 0, "rollout 'mill' promoted\n"],
  ['promote till', 0, "rollout 'till' promoted\n"],
  ['promote till --full', 0, "rollout 'till' fully promoted\n"],
  [
    'promote till --skip-current-step', 1,
    'Flag --skip-current-step has been deprecated, use without the flag instead ex: promote ROLLOUT_NAME\nError: Cannot skip steps of a bluegreen rollout. Run without a flags\n',
  ],
  ['promote till --skip-all-steps', 1, 'Flag --skip-all-steps has been deprecated, use --full instead\nError: Cannot skip steps of a bluegreen rollout. Run without a flags\n'],
  [
    'promote mill --skip-all-steps --skip-current-step', 1,
    'Flag --skip-all-steps has been deprecated, use --full instead\n'
    + 'Flag --skip-current-step has been deprecated, use without the flag instead ex: promote ROLLOUT_NAME\n'
    + 'Error: Cannot use skip-current-step and skip-all-steps flags at the same time\n',
  ],
  ['abort nope', 1, 'Error: rollouts.argoproj.io "nope" not found\n'],
  ['retry rollout nope', 1, 'Error: rollouts.argoproj.io "nope" not found\n'],
  ['pause nope', 1, 'Error: rollouts.argoproj.io "nope" not found\n'],
  ['restart nope', 1, 'Error: rollouts.argoproj.io "nope" not found\n'],
  ['undo nope', 1, 'Error: rollouts.argoproj.io "nope" not found\n'],
  ['undo mill', 1, 'Error: no revision found for rollout "mill"\n'],
  ['undo mill --to-revision=9', 1, 'Error: unable to find specified revision 9 in history\n'],
  ['terminate analysisrun nope', 1, 'Error: analysisruns.argoproj.io "nope" not found\n'],
  ['terminate experiment nope', 1, 'Error: experiments.argoproj.io "nope" not found\n'],
  ['retry experiment nope', 1, 'Error: experiments.argoproj.io "nope" not found\n'],
  ['get experiment nope', 1, 'Error: experiment.argoproj.io "nope" not found\n'],
  ['list experiments', 0, 'No resources found.\n'],
  ['set image mill nope=x:1', 1, 'Error: unable to find container named "nope"\n'],
  ['set image nope main=x:1', 1, 'Error: rollouts.argoproj.io "nope" not found\n'],
  ['list rollouts -n empty', 0, 'No resources found.\n'],
  ['list rollouts --name nope', 0, 'No resources found.\n'],
  ['abort mill', 0, "rollout 'mill' aborted\n"],
  // As the plugin: it asks for the same again, without a look at what is there.
  ['abort mill', 0, "rollout 'mill' aborted\n"],
];

test('wrong names and nothing to do: as the plugin', async () => {
  for (const [command, code, output] of PLUGIN) {
    const ran = await server.run(...command.split(' '));
    assert.equal(`${ran.stdout}${ran.stderr}`, output, command);
    assert.equal(ran.code, code, command);
    // Only answers go to stdout, so that scripts can read it.
    assert.equal(ran.stdout === '', /^(Error|Flag)/.test(output) || output.startsWith('No resources'), command);
  }
});

test('several names are done in order, up to the first that is not there', async () => {
  const ran = await server.run('abort', 'till', 'nope', 'mill');
  assert.deepEqual([ran.code, ran.stdout, ran.stderr], [1, "rollout 'till' aborted\n", 'Error: rollouts.argoproj.io "nope" not found\n']);
});

test('set image changes the one container, or all of them with *', async () => {
  const images = async (): Promise<string> => JSON.stringify((await specOf('mill'))['template']);
  assert.equal((await server.run('set', 'image', 'mill', 'main=reg.test/mill:2')).stdout, 'rollout "mill" image updated\n');
  assert.match(await images(), /reg\.test\/mill:2/);
  assert.equal((await server.run('set', 'image', 'mill', '*=reg.test/mill:3')).code, 0);
  assert.match(await images(), /reg\.test\/mill:3/);
});

test('pause holds a rollout, and promote lets it go on', async () => {
  assert.deepEqual((await server.run('pause', 'mill')).stdout, "rollout 'mill' paused\n");
  assert.equal((await specOf('mill'))['paused'], true);
  assert.equal((await server.run('promote', 'mill')).stdout, "rollout 'mill' promoted\n");
  assert.notEqual((await specOf('mill'))['paused'], true);
});

test('status waits no longer than it was told, and says how it ended', async () => {
  await server.run('set', 'image', 'mill', 'main=reg.test/mill:4');
  await untilStatus('mill', (status) => status['phase'] === 'Paused');
  const ran = await server.run('status', 'mill', '--timeout', '1s');
  assert.deepEqual([ran.code, ran.stdout, ran.stderr], [1, 'Paused - CanaryPauseStep\n', 'Error: Rollout status watch exceeded timeout\n']);
});

test('status ends when the rollout is healthy', async () => {
  const status = new Running(['status', 'mill', '--timeout', '15s'], { KUBECONFIG: server.kubeconfig });
  await status.says('Paused - CanaryPauseStep\n');
  assert.equal((await server.run('promote', 'mill', '--full')).code, 0);
  assert.equal(await status.exited, 0);
  assert.match(status.stdout, /\nHealthy\n$/);
});

test('the stored object comes out as JSON and YAML', async () => {
  assert.equal((await server.rollout('till'))['kind'], 'Rollout');
  assert.match((await server.run('get', 'rollout', 'till', '-o', 'yaml')).stdout, /^apiVersion: argoproj\.io\/v1alpha1\nkind: Rollout\n/);
});

/** A mistake in the command line, and what the one line must name. */
const MISTAKES: readonly (readonly [command: string, wanted: RegExp])[] = [
  ['nonsense', /"nonsense" is no command/],
  ['set', /"set" is no command/],
  ['--nonsense', /--nonsense/],
  ['promote', /name of a rollout is missing/],
  ['promote a b', /one rollout is wanted, not 2: a b/],
  ['promote a --nonsense', /--nonsense/],
  ['abort', /name of a rollout is missing/],
  ['retry rollout', /name of a rollout is missing/],
  ['pause', /name of a rollout is missing/],
  ['restart', /name of a rollout is missing/],
  ['undo', /name of a rollout is missing/],
  ['undo a --to-revision last', /--to-revision must be .*"last"/],
  ['terminate analysisrun', /name of .* is missing/],
  ['get rollout', /name of a rollout is missing/],
  ['get rollout a -o table', /--output must be text or json or yaml, not "table"/],
  ['list rollouts a', /takes no name/],
  ['status', /name of a rollout is missing/],
  ['status a --timeout soon', /--timeout must be a duration.*"soon"/],
  ['set image a', /CONTAINER=IMAGE is missing/],
  ['set image a main', /"main" is not CONTAINER=IMAGE/],
  ['set image a main=', /"main=" is not CONTAINER=IMAGE/],
  ['set image a b=c d=e', /one CONTAINER=IMAGE is wanted/],
  ['serve extra', /no operand, not "extra"/],
  ['serve --port none', /--port must be a number up to 65535, not "none"/],
  ['serve --engine maybe', /--engine must be on or off, not "maybe"/],
  ['engine extra', /no operand, not "extra"/],
  ['demo nope', /no demo "nope"; there are bookinfo, silly-demo, myapp, colorapi, canary-demo-app/],
  ['demo --pace 0', /--pace must be a number above 0/],
  ['eval', /.+/],
  ['get rollout a --timeout-seconds soon', /--timeout-seconds must be a whole number of seconds, not "soon"/],
  ['create', /the file is given with -f FILE/],
  ['lint', /the file is given with -f FILE/],
  ['lint rollout.yaml', /the file is given with -f FILE/],
];

test('a mistake in the command line is one line and exit code 2', async () => {
  for (const [command, wanted] of MISTAKES) {
    const ran = await sluice(command.split(' '));
    assert.equal(ran.code, 2, `${command}: ${ran.stderr}`);
    assert.match(ran.stderr, wanted, command);
    assert.match(ran.stderr, /^sluice[^\n]+\n$/, command);
    assert.equal(ran.stdout, '', command);
  }
});

test('every verb shows its form and an example', async () => {
  for (const { words } of COMMANDS) {
    const ran = await sluice([...words.split(' '), '--help']);
    assert.equal(ran.code, 0, words);
    assert.ok(ran.stdout.includes(`\nUsage:\n  sluice ${words}`), words);
    assert.match(ran.stdout, /\nExamples:\n {2}\S/, words);
    assert.equal(ran.stderr, '', words);
  }
  const overview = (await sluice(['--help'])).stdout;
  for (const { words, summary } of COMMANDS) assert.ok(overview.includes(words) && overview.includes(summary), words);
});

test('the version names the Argo Rollouts it is compatible with', async () => {
  assert.match((await sluice(['version'])).stdout, /^sluice \d+\.\d+\.\d+ .*Argo Rollouts v1\.9\.1/);
  assert.equal((await sluice(['--version'])).stdout, (await sluice(['version'])).stdout);
  assert.match((await sluice(['version', '--short'])).stdout, /^\d+\.\d+\.\d+\n$/);
});
