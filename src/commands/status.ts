// `sluice status NAME`: waits until a rollout is healthy, and says with its exit code whether it is.

import { readPhase } from '../console/phase.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { ROLLOUT } from '../kinds/resource-type.js';
import { parseGoDuration } from '../lib/go-duration.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, oneOperand, readFlags } from './arguments.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { connect, errorText, type Target } from './connect.js';
import { follow } from './follow.js';

const LONGEST_STILL_MS = 1000;

const NO_LIMIT = 0;

function lineOf(rollout: KubeObject): string {
  const { phase, message } = readPhase(rollout);
  return phase === 'Healthy' || phase === 'Degraded' ? phase : `${phase} - ${message}`;
}

function verdict(rollout: KubeObject, io: CommandIo): number {
  const { phase, message } = readPhase(rollout);
  if (phase !== 'Degraded') return 0;
  io.stderr(`Error: The rollout is in a degraded state with message: ${message}\n`);
  return 1;
}

async function watch(target: Target, name: string, limitMs: number, io: CommandIo): Promise<number> {
  const { cluster, namespace } = target;
  const following = follow(cluster, namespace, [ROLLOUT], io.clock, io.signal);
  const problem = await following.ready();
  const endAt = limitMs === NO_LIMIT ? Number.POSITIVE_INFINITY : io.clock.now() + limitMs;
  try {
    if (problem !== undefined) {
      io.stderr(`Error: ${errorText(problem)}\n`);
      return 1;
    }
    let last = '';
    while (!io.signal.aborted) {
      const rollout = following.cache.get({ type: ROLLOUT, namespace, name });
      if (rollout !== undefined) {
        const line = lineOf(rollout);
        if (line !== last) io.stdout(`${line}\n`);
        last = line;
        if (line === 'Healthy' || line === 'Degraded') return verdict(rollout, io);
      }
      const leftMs = endAt - io.clock.now();
      if (leftMs <= 0) break;
      await following.changed(Math.min(LONGEST_STILL_MS, leftMs));
    }
    io.stderr('Error: Rollout status watch exceeded timeout\n');
    return 1;
  } finally {
    following.stop();
  }
}

export const status: Command = {
  words: 'status',
  summary: 'Wait until a rollout is healthy: exit 0 when it is, 1 when it is degraded or the time is over.',
  operands: 'NAME',
  flags: [
    ...CLUSTER_FLAG_HELP,
    '-t, --timeout D          give up after so long (such as 90s or 5m)',
    '-w, --watch=false        say the state now, without waiting (--no-watch: the same)',
  ],
  examples: ['sluice status myapp --timeout 5m', 'sluice status myapp --watch=false'],
  async run(words, io) {
    const plain = words.flatMap((word) => (word === '--watch=false' || word === '-w=false' ? ['--no-watch'] : word === '--watch=true' ? [] : [word]));
    const flags = readFlags(plain, {
      ...CLUSTER_FLAGS,
      timeout: { type: 'string', short: 't' },
      watch: { type: 'boolean', short: 'w' },
      'no-watch': { type: 'boolean' },
    });
    const name = oneOperand(flags, 'the name of a rollout');
    const limitText = flags.text('timeout') ?? '0s';
    const limitMs = parseGoDuration(/^\d+$/.test(limitText) ? `${limitText}s` : limitText);
    if (limitMs === undefined || limitMs < 0) throw new UsageError(`--timeout must be a duration such as 90s or 5m, not "${limitText}"`);
    const target = await connect(flags, io);
    if (!target.ok) {
      io.stderr(`Error: ${target.error}\n`);
      return 1;
    }
    const rollout = await target.value.cluster.get({ type: ROLLOUT, namespace: target.value.namespace, name });
    if (!rollout.ok) {
      io.stderr(`Error: ${rollout.error.code === 404 ? `rollout.argoproj.io "${name}" not found` : errorText(rollout.error)}\n`);
      return 1;
    }
    if (!flags.on('no-watch')) return watch(target.value, name, limitMs, io);
    io.stdout(`${lineOf(rollout.value)}\n`);
    return verdict(rollout.value, io);
  },
};
