// `sluice set image NAME CONTAINER=IMAGE`: a release. Where the rollout refers to a Deployment, that gets the image.

import { type ImagePair, setImage as setImages } from '../decide/rollout/template-commands.js';
import { err, ok, type Result } from '../lib/result.js';
import { CLUSTER_FLAG_HELP, CLUSTER_FLAGS, type Flags, readFlags } from './arguments.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { connect, errorText, type Target } from './connect.js';
import { performRecorded } from './perform.js';
import { ACT_FLAG_HELP, ACT_FLAGS } from './setting-flags.js';
import { readRolloutAndWorkload } from './workload.js';

/** Somebody else may write at the same moment: read anew and write again, so often. */
const MOST_ATTEMPTS = 5;

function readPair(word: string): ImagePair {
  const at = word.indexOf('=');
  const pair = { container: word.slice(0, at), image: word.slice(at + 1) };
  if (at <= 0 || pair.image === '') throw new UsageError(`"${word}" is not CONTAINER=IMAGE (*=IMAGE sets all containers)`);
  return pair;
}

/** The object that was changed, as the message names it. */
async function release(target: Target, name: string, pair: ImagePair, flags: Flags, io: CommandIo): Promise<Result<string, string>> {
  for (let attempt = 1; ; attempt += 1) {
    const read = await readRolloutAndWorkload(target, name);
    if (!read.ok) return read;
    const { rollout, workload } = read.value;
    const [change] = changesOf(setImages(rollout, workload, [pair], 'plain'));
    if (typeof change === 'string' || change === undefined) return err(change ?? 'nothing to change');
    const words = `set image of ${target.namespace}/${name}: ${pair.container}=${pair.image}`;
    const answer = await performRecorded(target, flags, io, [change], { action: 'rollout.set-image', words, object: rollout });
    if (answer.ok) return ok(`${change.ref.type.singular} "${change.ref.name}"`);
    if (answer.error.code !== 409 || attempt === MOST_ATTEMPTS) return err(errorText(answer.error));
  }
}

function changesOf(commanded: ReturnType<typeof setImages>): readonly (Exclude<typeof commanded, { readonly type: 'refusal' }>[number] | string)[] {
  return 'type' in commanded ? [commanded.reason] : commanded;
}

export const setImage: Command = {
  words: 'set image',
  summary: 'Release an image: set it on one container of a rollout, or on all.',
  operands: 'NAME CONTAINER=IMAGE',
  flags: [...CLUSTER_FLAG_HELP, ...ACT_FLAG_HELP],
  examples: ['sluice set image myapp myapp=myapp:v2', 'sluice set image colorapi "*=particule/simplecolorapi:2.0"'],
  async run(words, io) {
    const flags = readFlags(words, { ...CLUSTER_FLAGS, ...ACT_FLAGS });
    const [name, word, ...more] = flags.operands;
    if (name === undefined) throw new UsageError('the name of a rollout is missing');
    if (word === undefined) throw new UsageError('CONTAINER=IMAGE is missing');
    if (more.length > 0) throw new UsageError('one CONTAINER=IMAGE is wanted; *=IMAGE sets all containers');
    const pair = readPair(word);
    const target = await connect(flags, io);
    const done = target.ok ? await release(target.value, name, pair, flags, io) : target;
    if (!done.ok) {
      io.stderr(`Error: ${done.error}\n`);
      return 1;
    }
    io.stdout(`${done.value} image updated\n`);
    return 0;
  },
};
