// The next safe act for each cause: what a person does without making it worse, and the key for it where there is one.

import type { ActionId } from '../actions.js';
import { sanitise } from '../../lib/text-width.js';
import type { RolloutFacts } from '../facts.js';
import type { Instant } from '../../lib/instant.js';

export type Act = { readonly words: string; readonly action?: ActionId };

const abort = (words: string): Act => ({ words: `${words}; an abort takes all traffic back to the stable revision meanwhile`, action: 'rollout.abort' });
const look = (words: string, action: ActionId): Act => ({ words, action });

const NEW_REVISION: Readonly<Record<string, string>> = {
  'image-pull': 'Correct the image or the pull secret and release again',
  'bad-image-name': 'Correct the name of the image and release again',
  'crash-loop': 'Read the log of the pod that crashes, correct it and release again',
  'init-container': 'Read the log of the init container, correct it and release again',
  'container-config': 'Make the ConfigMap or Secret that the pod names, or correct its name',
  'volume-mount': 'Make the volume, ConfigMap or Secret that the pod mounts, or correct its name',
  readiness: 'Find out why the readiness probe fails: the log, the probe, what the app needs to become ready',
  unschedulable: 'Make room for the pods, or lower what they ask for',
  quota: 'Raise the quota of the namespace, or make room in it',
  'not-created': 'Correct what the server refuses, and release again',
  'pod-error': 'Read what the pod says of itself and its events',
  deadline: 'Correct what keeps the pods from becoming available',
};

const ALWAYS: Readonly<Record<string, Act>> = {
  deleted: { words: 'Nothing: it is being deleted.' },
  'invalid-spec': look('Correct the field that is named, with `kubectl edit` or in git; traffic and pods stay as they are until then.', 'show.yaml'),
  'service-missing': { words: 'Make the Service again, with the selector of the rollout; traffic stays as it is until then.' },
  'no-engine': { words: 'Start an engine: `sluice engine`, `sluice --engine on`, or the controller of Argo Rollouts. Nothing that is pressed moves before.' },
  'engine-silent': { words: 'Look at the engine: its pod, its log, whether it reaches the API server. Nothing that is pressed moves before it is back.' },
  'refused-set': look('Correct what the server refuses; it is tried again by itself.', 'show.events'),
  'not-observed': { words: 'Wait a moment: the engine has not seen the newest spec yet.' },
  'analysis-failed': {
    words: 'Leave it aborted; read the measurements, and release a corrected version. Retry only when the measurement was wrong, not the release.',
    action: 'show.analysis',
  },
  'analysis-error': { words: 'Bring the metric source back first, then retry: the release itself was not judged.', action: 'rollout.retry' },
  'aborted-deadline': look('Leave it aborted; find out why the pods did not become available, then release a corrected version.', 'show.events'),
  aborted: { words: 'Ask who aborted it and why (the timeline), before retry starts the same release again.', action: 'show.timeline' },
  held: { words: 'Ask whoever paused it; to resume it lets it go on.', action: 'rollout.pause' },
  inconclusive: { words: 'Read the measurements and decide: promote goes on, abort goes back. Abort is the safe one.', action: 'show.analysis' },
  'analysis-failing': {
    words: 'Let nothing go on by hand. Watch the analysis, or abort: that takes all traffic back to the stable revision',
    action: 'rollout.abort',
  },
  'metric-source-down': { words: 'Bring the metric source back: after its limit of errors the release is aborted.', action: 'show.analysis' },
  route: { words: 'Put the route object right as the rollout names it; traffic stays as it is until then.' },
  'route-drift': {
    words: 'Find out who else writes the route (the timeline). An engine that is well puts it back within seconds; if it does not, look at the engine.',
    action: 'show.events',
  },
  gate: { words: 'Look at the metrics and the log of the canary; then promote goes on, abort goes back.', action: 'rollout.promote' },
  'timed-pause': { words: 'Nothing: it goes on by itself. Promote ends the pause early.' },
  warning: look('Read the events of the rollout: the engine says what it can not do.', 'show.events'),
  healthy: { words: 'Nothing: it serves all traffic.' },
  undetermined: look('Read events and conditions; nothing known explains this state.', 'show.describe'),
};

/** Words and, where one key is the act, the action behind it. */
export function actFor(cause: string, facts: RolloutFacts, now: Instant): Act {
  const { hold } = facts;
  if (cause === 'held' && hold !== undefined) {
    const who = sanitise(hold.by);
    const over = hold.until !== undefined && hold.until <= now;
    const first = over
      ? `Its time is over: ask ${who || 'whoever holds it'} to end the hold, or end it in their place`
      : `Ask ${who || 'whoever holds it'} before the hold is ended`;
    return { words: `${first}; no promotion goes past it.`, action: 'rollout.hold' };
  }
  const correction = NEW_REVISION[cause];
  if (correction !== undefined) return facts.inFlight && !facts.aborted ? abort(correction) : { words: `${correction}.` };
  return ALWAYS[cause] ?? { words: 'Wait: it goes on by itself.' };
}
