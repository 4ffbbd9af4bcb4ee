// The engine against recordings of the real controller: what was created and done is created and done again, on the embedded server
// and the sandbox, and everything that can be observed must be the same but for what is chance or is intended to be otherwise.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { Finding } from './compare.js';
import { play } from './player.js';
import { readTraces, TOPICS } from './trace.js';
import type { Trace } from './trace.js';

/** Recordings that need what is not there yet; each is named with what it needs. */
const NOT_YET: Readonly<Record<string, string>> = {};

type Intended = { readonly trace: string; readonly class?: string; readonly path: string; readonly reason: string };

/** Differences that are meant, by trace and path: a file, because a player outside of this process is told of them too. */
const INTENDED = JSON.parse(await readFile(path.join(process.env['SLUICE_ROOT'] ?? '.', 'test', 'scenarios', 'intended.json'), 'utf8')) as readonly Intended[];

/** Recordings that wait for something which must not be so; each is named with what is waited for instead. */
const WAITS_OTHERWISE: Readonly<Record<string, Partial<Trace>>> = {
  // The recorded Experiment stays Running for ever although its required analysis is done.
  'experiment-standalone-113': { end: { quiet: 5, all: { 'Experiment/trial': { phase: 'Successful' }, 'ReplicaSet/trial-left': { spec: 0, replicas: 0 } } } },
};

/** Recordings in which a person ends by hand what does not end by itself; ours has ended, and nobody is needed. */
const WITHOUT_A_HAND: Readonly<Record<string, number>> = { 'experiment-step-optional-analysis-137': 2 };

function asPlayed(trace: Trace): Trace {
  const without = WITHOUT_A_HAND[trace.id];
  return { ...trace, ...WAITS_OTHERWISE[trace.id], ...(without === undefined ? {} : { actions: trace.actions.filter((_, index) => index + 1 !== without) }) };
}

/** Here nothing gets stuck: what is waited for otherwise stands above. */
const meant = (id: string, { found, path: place }: Finding): boolean => found !== 'stuck'
  && INTENDED.some((difference) => (difference.class ?? found) === found && new RegExp(difference.trace).test(id) && new RegExp(difference.path).test(place));

for (const topic of TOPICS) {
  describe(topic, async () => {
    for (const trace of await readTraces(topic)) {
      if (NOT_YET[trace.id] !== undefined) continue;
      test(`${trace.id}: ${trace.title}`, async () => {
        const { findings, log } = await play(asPlayed(trace));
        const unmeant = findings.filter((finding) => !meant(trace.id, finding));
        assert.deepEqual(unmeant, [], log.join('\n'));
      });
    }
  });
}

test('what is missing is missing for a reason that is still true', async () => {
  const ids = (await Promise.all(TOPICS.map(readTraces))).flat().map(({ id }) => id);
  assert.deepEqual(Object.keys(NOT_YET).filter((id) => !ids.includes(id)), []);
  assert.ok(ids.length >= 56);
});
