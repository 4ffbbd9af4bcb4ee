// The verbs that change one field of a rollout: promote, abort, retry, pause. What each writes is decided in
// decide/rollout/commands; the words are those of the plugin.

import {
  abort as abortRollout,
  type Commanded,
  pause as pauseRollout,
  promote as promoteRollout,
  promoteFull,
  restart as restartRollout,
  retry as retryRollout,
  skipSteps,
} from '../decide/rollout/commands.js';
import { activeHold, endHold, type Hold } from '../decide/rollout/hold.js';
import { kubectlLine } from '../console/kubectl-line.js';
import { type Rollout, asRollout } from '../kinds/rollout.js';
import { ROLLOUT } from '../kinds/resource-type.js';
import { parseGoDuration } from '../lib/go-duration.js';
import { formatTime, type Instant } from '../lib/instant.js';
import { sanitise } from '../lib/text-width.js';
import { err, type Result } from '../lib/result.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, type FlagSpec, type Flags, readFlags } from './arguments.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { connect, errorText, type Target } from './connect.js';
import { performRecorded } from './perform.js';
import { ACT_FLAG_HELP, ACT_FLAGS } from './setting-flags.js';

const holder = ({ by }: Hold): string => sanitise(by) || 'somebody';

function heldText(rollout: Rollout, hold: Hold, { cluster, namespace }: Target): string {
  const until = hold.until === undefined ? '' : ` until ${formatTime(hold.until)}`;
  return [
    `${namespace}/${rollout.metadata.name} is held by ${holder(hold)}${until}: ${sanitise(hold.reason)}. Nothing was changed.`,
    `To end the hold: ${kubectlLine(endHold(rollout), cluster.name, [])}`,
    'To promote it all the same, say why: --reason TEXT',
  ].join('\n');
}

async function act(verb: Verb, target: Target, name: string, flags: Flags, io: CommandIo): Promise<Result<undefined, string>> {
  const rollout = await target.cluster.get({ type: ROLLOUT, namespace: target.namespace, name });
  if (!rollout.ok) return err(errorText(rollout.error));
  const asked = asRollout(rollout.value);
  const hold = verb.heedsHold === true ? activeHold(rollout.value) : undefined;
  if (hold !== undefined && (flags.text('reason') ?? '').trim() === '') return err(heldText(asked, hold, target));
  const commanded = verb.decide(asked, flags, io.clock.now());
  if ('type' in commanded) return err(commanded.reason);
  // The reason of a hold that has ended must not stand at the next pause.
  const changes = hold === undefined ? commanded : [...commanded, endHold(asked)];
  const [word = ''] = verb.words.split(' ');
  const fully = flags.on('full');
  const deed = {
    action: `rollout.${word}${fully ? '-full' : ''}`,
    words: `${word} ${target.namespace}/${name}${fully ? ' fully' : ''}${hold === undefined ? '' : `, past the hold of ${holder(hold)} (${sanitise(hold.reason)})`}`,
    object: rollout.value,
  };
  const done = await performRecorded(target, flags, io, changes, deed);
  return done.ok ? done : err(errorText(done.error));
}

type Verb = {
  readonly words: string;
  readonly summary: string;
  readonly many: boolean;
  readonly flags: readonly string[];
  readonly spec: FlagSpec;
  readonly examples: readonly string[];
  /** What to do instead, by flag. */
  readonly deprecated?: Readonly<Record<string, string>>;
  /** Which flags do not go together; said before anything is asked. */
  clash?(flags: Flags): string | undefined;
  /** A hold stops it, unless a reason is given. */
  readonly heedsHold?: true;
  decide(rollout: Rollout, flags: Flags, now: Instant): Commanded;
  done(name: string, flags: Flags): string;
};

function verbCommand(verb: Verb): Command {
  return {
    words: verb.words,
    summary: verb.summary,
    operands: verb.many ? 'NAME...' : 'NAME',
    flags: [...CLUSTER_FLAG_HELP, ...verb.flags, ...ACT_FLAG_HELP],
    examples: verb.examples,
    async run(words, io: CommandIo) {
      const flags = readFlags(words, { ...CLUSTER_FLAGS, ...ACT_FLAGS, ...verb.spec });
      const names = flags.operands;
      if (names.length === 0) throw new UsageError('the name of a rollout is missing');
      if (!verb.many && names.length > 1) throw new UsageError(`one rollout is wanted, not ${names.length}: ${names.join(' ')}`);
      for (const word of words) {
        const advice = verb.deprecated?.[word];
        if (advice !== undefined) io.stderr(`Flag ${word} has been deprecated, ${advice}\n`);
      }
      const clash = verb.clash?.(flags);
      const target = clash === undefined ? await connect(flags, io) : err(clash);
      if (!target.ok) {
        io.stderr(`Error: ${target.error}\n`);
        return 1;
      }
      for (const name of names) {
        const done = await act(verb, target.value, name, flags, io);
        if (!done.ok) {
          io.stderr(`Error: ${done.error}\n`);
          return 1;
        }
        io.stdout(`${verb.done(name, flags)}\n`);
      }
      return 0;
    },
  };
}

const SKIP_CURRENT = 'skip-current-step';
const SKIP_ALL = 'skip-all-steps';

export const promote = verbCommand({
  words: 'promote',
  summary: 'End the pause or the step that a rollout is at; with --full, skip all that is left.',
  many: false,
  flags: [
    '    --full               past all steps, pauses and analyses, to 100 %',
    `    --${SKIP_CURRENT}  deprecated: the same as no flag; --${SKIP_ALL}: use --full`,
  ],
  spec: { full: { type: 'boolean' }, [SKIP_CURRENT]: { type: 'boolean' }, [SKIP_ALL]: { type: 'boolean' } },
  examples: ['sluice promote silly-demo -n a-team', 'sluice promote myapp --full'],
  heedsHold: true,
  deprecated: { [`--${SKIP_CURRENT}`]: 'use without the flag instead ex: promote ROLLOUT_NAME', [`--${SKIP_ALL}`]: 'use --full instead' },
  clash: (flags) => (flags.on(SKIP_CURRENT) && flags.on(SKIP_ALL) ? `Cannot use ${SKIP_CURRENT} and ${SKIP_ALL} flags at the same time` : undefined),
  decide(rollout, flags) {
    if (flags.on(SKIP_CURRENT)) return skipSteps(rollout, 'plain', 'current');
    if (flags.on(SKIP_ALL)) return skipSteps(rollout, 'plain', 'all');
    return flags.on('full') ? promoteFull(rollout, 'plain') : promoteRollout(rollout, 'plain');
  },
  done: (name, flags) => `rollout '${name}' ${flags.on('full') ? 'fully promoted' : 'promoted'}`,
});

export const abort = verbCommand({
  words: 'abort',
  summary: 'Take all traffic back to the stable revision.',
  many: true,
  flags: [],
  spec: {},
  examples: ['sluice abort myapp', 'sluice abort reviews-rollout -n bookinfo'],
  decide: (rollout) => abortRollout(rollout, 'plain'),
  done: (name) => `rollout '${name}' aborted`,
});

export const retry = verbCommand({
  words: 'retry rollout',
  summary: 'Start an aborted rollout again from its first step.',
  many: true,
  flags: [],
  spec: {},
  examples: ['sluice retry rollout myapp'],
  decide: (rollout) => retryRollout(rollout, 'plain'),
  done: (name) => `rollout '${name}' retried`,
});

export const pause = verbCommand({
  words: 'pause',
  summary: 'Hold a rollout where it is, until it is promoted.',
  many: false,
  flags: [],
  spec: {},
  examples: ['sluice pause myapp'],
  decide: (rollout) => pauseRollout(rollout, 'plain'),
  done: (name) => `rollout '${name}' paused`,
});

function delayMs(flags: Flags): number {
  const text = flags.text('in') ?? '0s';
  const ms = parseGoDuration(text);
  if (ms === undefined || ms < 0) throw new UsageError(`--in must be a duration such as 10s or 5m, not "${text}"`);
  return ms;
}

export const restart = verbCommand({
  words: 'restart',
  summary: 'Replace all pods of a rollout, a few at a time.',
  many: false,
  flags: ['-i, --in D               begin so much later (such as 10s or 5m)'],
  spec: { in: { type: 'string', short: 'i' } },
  examples: ['sluice restart myapp', 'sluice restart myapp --in 10m'],
  decide: (rollout, flags, now) => restartRollout(rollout, 'plain', now + delayMs(flags)),
  done: (name, flags) => `rollout '${name}' restarts in ${flags.text('in') ?? '0s'}`,
});
