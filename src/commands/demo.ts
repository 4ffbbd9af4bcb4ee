// `sluice demo`: the console on an embedded cluster where the demos are being released.

import path from 'node:path';
import type { Connected, Tell } from '../app/connection.js';
import { runConsole } from '../app/console-session.js';
import { defaultKubeconfigPath, removeDeadKubeconfigs } from '../app/kubeconfig-path.js';
import type { Scenario } from '../app/demo/scenario.js';
import { pluginSettings, readSettings, type SettingsSource, writeRefusal } from '../app/settings.js';
import { guardWrites } from '../cluster/read-only.js';
import { err, ok, type Result } from '../lib/result.js';
import { createRng } from '../lib/rng.js';
import { DEBUG_LOG_HELP, oneOf, readFlags, type Flags } from './arguments.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { SETTING_FLAG_HELP, SETTING_FLAGS, settingsOfFlags } from './setting-flags.js';

/** Loaded after the first frame. */
async function chosenScenarios(names: readonly string[]): Promise<readonly Scenario[]> {
  const { SCENARIOS } = await import('../app/demo/scenarios.js');
  return names.length === 0 ? SCENARIOS : SCENARIOS.filter((scenario) => names.includes(scenario.name));
}

const DEMO_NAMES = ['bookinfo', 'silly-demo', 'myapp', 'colorapi', 'canary-demo-app'];

function readPace(flags: Flags): number | undefined {
  const text = flags.text('pace');
  if (text === undefined) return undefined;
  const pace = Number(text);
  if (!Number.isFinite(pace) || pace <= 0) throw new UsageError(`--pace must be a number above 0 (1 keeps the durations of the seeds), not "${text}"`);
  return pace;
}

/** Certificates cost as much processor time as the rest of the start: by then the rollouts are on the screen. */
const DOOR_AFTER_MS = 300;

type DemoOptions = { readonly names: readonly string[]; readonly pace: number | undefined; readonly autoplay: boolean; readonly kubeconfigPath: string };

const exportLine = (kubeconfigPath: string): string => `export KUBECONFIG=${kubeconfigPath}`;

/** Slow enough to be watched. */
const DEMO_PACE = { startMs: 900, warmMs: 500, jitter: 0.5 };

async function startDemo(options: DemoOptions, settings: () => SettingsSource, io: CommandIo, tell: Tell): Promise<Result<Connected, string>> {
  const [{ startEmbedded }, { startAutoplay }, { loadScenarios }, scenarios] = await Promise.all([
    import('../app/embedded.js'),
    import('../app/demo/autoplay.js'),
    import('../app/demo/load.js'),
    chosenScenarios(options.names),
  ]);
  const started = await startEmbedded({
    clock: io.clock,
    environment: io.environment,
    engine: true,
    plugins: pluginSettings(settings()),
    sandbox: {
      behaviours: Object.assign({}, ...scenarios.map((scenario) => scenario.behaviours)) as Scenario['behaviours'],
      hosts: scenarios.flatMap((scenario) => scenario.hosts),
      pace: DEMO_PACE,
    },
  });
  if (!started.ok) return started;
  const embedded = started.value;
  const { cluster, addresses } = embedded;
  if (addresses === undefined) return err('the sandbox has no addresses');
  const loaded = await loadScenarios(cluster, scenarios, addresses, options.pace);
  if (!loaded.ok) return loaded;
  tell.hints([
    exportLine(options.kubeconfigPath),
    ...scenarios.flatMap(({ hosts }) => hosts.map(({ namespace, name }) => `curl ${addresses.app(namespace, name)}   (${name})`)),
  ]);
  const stopAutoplay = startAutoplay({ cluster, clock: io.clock, rng: createRng(io.clock.now()), scenarios, repeats: options.autoplay });
  // The console does not wait for the door: kubectl comes later than the first look.
  const cancelDoor = io.clock.after(DOOR_AFTER_MS, () => {
    void removeDeadKubeconfigs(io.environment);
    void embedded.openDoor({ kubeconfigPath: options.kubeconfigPath }).then((door) => {
      if (!door.ok) tell.notice(`kubectl can not reach this cluster: ${door.error}`);
    });
  });
  return ok({
    // The world inside goes on; only the person at the screen writes nothing.
    cluster: guardWrites(cluster, () => writeRefusal(settings(), cluster.name)),
    embedded: true,
    namespaces: [],
    likelyNamespaces: () => [],
    lease: embedded.lease,
    leadingAs: embedded.leadingAs,
    async stop() {
      cancelDoor();
      stopAutoplay();
      await embedded.stop();
    },
  });
}

/** Where no screen can be: the same world, as lines, until Ctrl-C. What else is to be known goes to standard error. */
async function demoLines(options: DemoOptions, settings: SettingsSource, io: CommandIo): Promise<number> {
  const say = (text: string): void => io.stderr(`${text}\n`);
  const started = await startDemo(options, () => settings, io, { notice: say, hints: (lines) => lines.forEach(say), log: undefined });
  if (!started.ok) {
    say(`sluice: ${started.error}`);
    return 1;
  }
  const { printRollouts } = await import('./rollout-lines.js');
  const { cluster, stop } = started.value;
  const code = await printRollouts(
    [{ cluster, namespace: undefined, named: () => true }],
    { contexts: [], withNamespace: true, timestamps: false, watch: true },
    io,
  );
  await stop();
  return code;
}

export const demo: Command = {
  words: 'demo',
  summary: 'Open the console on an embedded cluster, with rollouts in progress. All of it is gone when the console ends.',
  operands: '[NAME...]',
  flags: [
    `NAME is any of ${DEMO_NAMES.join(', ')} (default: all)`,
    '    --pace N               divide the durations of the seeds by N (1 keeps them; default: each demo has its own)',
    '    --autoplay on|off      start releases at intervals (default: on)',
    '    --kubeconfig-out FILE  where to write the kubeconfig (default: in $XDG_RUNTIME_DIR or the temp folder)',
    ...SETTING_FLAG_HELP,
    DEBUG_LOG_HELP,
  ],
  examples: ['sluice demo', 'sluice demo bookinfo myapp --autoplay off'],
  async run(words, io) {
    const flags = readFlags(words, { ...SETTING_FLAGS, pace: { type: 'string' }, autoplay: { type: 'string' }, 'kubeconfig-out': { type: 'string' } });
    const unknown = flags.operands.find((name) => !DEMO_NAMES.includes(name));
    if (unknown !== undefined) throw new UsageError(`there is no demo "${unknown}"; there are ${DEMO_NAMES.join(', ')}`);
    const options: DemoOptions = {
      names: flags.operands,
      pace: readPace(flags),
      autoplay: oneOf(flags, 'autoplay', ['on', 'off'], 'on') === 'on',
      kubeconfigPath: path.resolve(flags.text('kubeconfig-out') ?? defaultKubeconfigPath(io.environment)),
    };
    const source = await readSettings(io.environment, settingsOfFlags(flags));
    let current = source;
    return runConsole(
      {
        clock: io.clock,
        environment: io.environment,
        settings: source,
        async rereadSettings() {
          current = await readSettings(io.environment, settingsOfFlags(flags), current);
          return current;
        },
        kubeconfig: options.kubeconfigPath,
        hints: [exportLine(options.kubeconfigPath)],
        contexts: [undefined],
        asLines: () => demoLines(options, source, io),
        connect: (tell) => startDemo(options, () => current, io, tell),
      },
      io.stderr,
    );
  },
};
