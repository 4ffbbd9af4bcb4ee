// Recordings played on a real cluster in real time, with the built program as the engine. All of them are played in process, to the
// millisecond; these are there because a real server, real controllers and a real network stand between, and are chosen to meet each
// kind of object that the engine writes, in as many of the ways in which it writes it. Recordings whose outcome hangs on which of
// several pods is ready first are left out: on a busy machine that is chance.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Finding } from './compare.js';
import { asPlayed, meaning } from './intended.js';
import { play } from './player.js';
import type { PlayResult } from './player.js';
import { openRealCluster, type RealCluster } from './real-world.js';
import { readTraces, TOPICS } from './trace.js';
import type { Trace } from './trace.js';

const CHOSEN: readonly string[] = [
  // Replicas alone: weights by pods, gates, lost pods, deadlines, restarts by eviction, autoscaled sizes, history.
  'basic-n3-weights-02', 'basic-abort-retry-08', 'basic-promote-full-10', 'basic-undo-11', 'basic-scale-mid-update-14', 'basic-deadline-abort-19',
  'basic-gated-rolling-25', 'basic-pods-lost-28', 'basic-canary-service-29', 'basic-budget-restart-136',
  // Istio: several routes, subsets, delays, ping-pong, header and mirror routes.
  'istio-multi-vs-31', 'istio-subset-32', 'istio-abort-delay5-35', 'istio-set-canary-scale-37', 'istio-header-mirror-47',
  'istio-ping-pong-49', 'istio-gated-promotion-53',
  // Analyses that ask over HTTP.
  'analysis-inline-success-67', 'analysis-inline-failure-68', 'analysis-inconclusive-resume-70', 'analysis-background-start-74', 'analysis-cluster-args-80',
  // Blue-green: by hand, measured, aborted after the switch, resized, past its deadline, restarted.
  'bluegreen-manual-88', 'bluegreen-pre-analysis-92', 'bluegreen-abort-after-switch-97', 'bluegreen-scale-mid-101', 'bluegreen-deadline-abort-103',
  'misc-restart-bluegreen-125',
  'experiment-analysis-fail-109', 'experiment-weights-smi-112',
  'routers-nginx-59', 'routers-alb-ping-pong-62', 'routers-traefik-64', 'routers-apisix-65',
  'workloadref-never-115', 'invalid-spec-119',
];

/** So many are played at once: they mostly wait. */
const AT_ONCE = 5;
/** A busy machine can be late now and then; what differs each time is no chance. */
const MOST_PLAYS = 3;

/** A deadline is written in whole seconds and read off when the write arrives: one second less is the same deadline. */
function isReadLate(trace: Trace, { path, expected, got }: Finding): boolean {
  if (!path.includes('.deadlineIn')) return false;
  const sooner = (wanted: unknown, seen: unknown): boolean => typeof wanted === 'number' && typeof seen === 'number' && wanted - seen === 1;
  if (path.endsWith(' lacks a value')) return Array.isArray(got) && got.some((value) => sooner(expected, value));
  const recorded = trace.lanes[path.replace(' has a value never seen', '')];
  return recorded === undefined ? sooner(expected, got) : recorded.some((value) => sooner(value, got));
}

const { KUBECONFIG_TEST: kubeconfig = '' } = process.env;
const all = (await Promise.all(TOPICS.map(readTraces))).flat();

let cluster: RealCluster | undefined;

async function playOnce(trace: Trace): Promise<PlayResult> {
  assert.ok(cluster, 'the engine leads');
  const result = await play(asPlayed(trace), cluster.openWorld);
  return { ...result, findings: result.findings.filter((finding) => meaning(trace.id, finding) === undefined && !isReadLate(trace, finding)) };
}

describe('recordings on a real cluster', { concurrency: AT_ONCE }, () => {
  before(async () => { cluster = await openRealCluster(kubeconfig); });
  after(() => cluster?.close());
  for (const id of CHOSEN) {
    test(id, async () => {
      const trace = all.find((each) => each.id === id);
      assert.ok(trace, 'there is such a recording');
      let result = await playOnce(trace);
      for (let plays = 1; plays < MOST_PLAYS && result.findings.length > 0; plays += 1) {
        process.stderr.write(`${id} is played again, it differed in ${result.findings.map(({ path }) => path).join(', ')}\n`);
        result = await playOnce(trace);
      }
      assert.deepEqual(result.findings, [], result.log.join('\n'));
    });
  }
});
