// `sluice serve`: the embedded cluster without a console. Prints one line when it can be used, and ends with a signal.

import path from 'node:path';
import { startEmbedded } from '../app/embedded.js';
import { defaultKubeconfigPath, removeDeadKubeconfigs } from '../app/kubeconfig-path.js';
import { ensureObject, createTypeLookup } from '../app/create-object.js';
import { readManifests } from '../app/load-manifests.js';
import { pluginSettings, readSettings } from '../app/settings.js';
import { COMMAND_MANAGER } from '../kinds/field-managers.js';
import { AWS_FLAG, AWS_FLAG_HELP, oneOf, readFlags, type Flags } from './arguments.js';
import { type Command, type CommandIo, UsageError, untilAsked } from './command.js';

const HIGHEST_PORT = 65_535;

function readPort(flags: Flags): number {
  const text = flags.text('port') ?? '0';
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > HIGHEST_PORT) throw new UsageError(`--port must be a number up to ${HIGHEST_PORT}, not "${text}"`);
  return port;
}

async function run(flags: Flags, io: CommandIo): Promise<number> {
  const port = readPort(flags);
  const engine = oneOf(flags, 'engine', ['on', 'off'], 'on') === 'on';
  const sandbox = oneOf(flags, 'sandbox', ['on', 'off'], 'on') === 'on';
  const kubeconfigPath = path.resolve(flags.text('kubeconfig-out') ?? defaultKubeconfigPath(io.environment));
  const manifests = await readManifests(flags.texts('file'));
  const fail = (reason: string): number => {
    io.stderr(`Error: ${reason}\n`);
    return 1;
  };
  if (!manifests.ok) return fail(manifests.error);
  const settings = await readSettings(io.environment, {});
  if (settings.complaints.length > 0) return fail(settings.complaints.join('\n'));
  const log = (message: string): void => io.stderr(`${new Date(io.clock.now()).toISOString()} ${message}\n`);
  const started = await startEmbedded({
    clock: io.clock,
    environment: io.environment,
    engine,
    plugins: pluginSettings(settings),
    awsVerifyTargetGroup: flags.on('aws-verify-target-group'),
    sandbox: sandbox ? { behaviours: {}, hosts: [] } : undefined,
    log,
  });
  if (!started.ok) return fail(started.error);
  const embedded = started.value;
  try {
    const lookup = createTypeLookup(embedded.cluster);
    for (const manifest of manifests.value) {
      const loaded = await ensureObject(embedded.cluster, lookup, manifest, COMMAND_MANAGER);
      if (!loaded.ok) return fail(loaded.error);
    }
    await removeDeadKubeconfigs(io.environment);
    const door = await embedded.openDoor({ port, kubeconfigPath });
    if (!door.ok) return fail(door.error);
    io.stdout(`ready KUBECONFIG=${kubeconfigPath}\n`);
    io.stderr('The cluster lives in this process only: all its objects are gone when it ends.\n');
    await untilAsked(io.signal);
    return 0;
  } finally {
    await embedded.stop();
  }
}

export const serve: Command = {
  words: 'serve',
  summary: 'Run the embedded cluster alone: an API server on 127.0.0.1 for kubectl and others, with a sandbox of pods and the engine.',
  operands: '',
  flags: [
    '    --kubeconfig-out FILE  where to write the kubeconfig (default: in $XDG_RUNTIME_DIR or the temp folder)',
    '    --port N               the port (default: any free one)',
    '    --engine on|off        drive rollouts (default: on)',
    AWS_FLAG_HELP,
    '    --sandbox on|off       run pods, workloads and traffic (default: on)',
    '-f, --file FILE|DIR        load these manifests first; may be repeated',
  ],
  examples: ['sluice serve --kubeconfig-out ./kubeconfig -f manifests/', 'KUBECONFIG=./kubeconfig kubectl get rollouts -A'],
  async run(words, io) {
    const flags = readFlags(words, {
      'kubeconfig-out': { type: 'string' },
      port: { type: 'string' },
      engine: { type: 'string' },
      ...AWS_FLAG,
      sandbox: { type: 'string' },
      file: { type: 'string', short: 'f', multiple: true },
    });
    if (flags.operands.length > 0) throw new UsageError(`serve takes no operand, not "${flags.operands[0]}"`);
    return run(flags, io);
  },
};
