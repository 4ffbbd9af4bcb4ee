// Seeds that once broke an invariant, by what was wrong. Each cause has a small test of its own where it was mended; the seeds stay,
// because what they lived through was rare enough. (Those of before there were all strategies and routers are other lives by now.)

export const CASES: readonly (readonly [seed: number, what: string])[] = [
  [2, 'a whole rollout without its pods was aborted, and un-aborted, a hundred times a second'],
  [4, 'a least number of pods kept a rollout from ever being healthy; and a Service of a turn changed under the traffic that somebody had sent it'],
  [6, 'a canary stayed up for ever because stable had more pods than replicas; and two conditions corrected each other without end'],
  [112, 'stable gave up pods in the pass in which all traffic came back to it'],
  [131, 'a clock that was set forward took a lease that was renewed'],
  [337, 'a promotion was asked for before the engine had seen the version'],
  [338, 'a step back in weight took the pods before the traffic'],
  [347, 'a deadline and a full promotion undid each other without end'],
  [356, 'steps that were edited left two thirds of the traffic to nobody'],
  [173, 'what was resized and aborted at once lost its pods before its traffic'],
  [649, 'an experiment whose step somebody had skipped answered for the next one'],
  [1194, 'a header route of APISIX, an object that is not named after its rollout, was not looked at (an error of the simulation)'],
  [1280, 'pods of the canary that were about to go counted as available when it was to grow again'],
  [1427, 'an event was tried again by an engine that had lost its lease meanwhile'],
  [1521, 'on the way back within the rollback window the deadline aborted, and the window took it back, without end'],
  [1991, 'a stable version that never had a pod and older ones that were needed held all the room of the canary'],
  [2077, 'a template that an undo had changed was taken for the one that it came from (an error of the simulation)'],
  [2238, 'an older version that had all the users lost its pods, and its size for it'],
];
