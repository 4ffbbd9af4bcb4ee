// Performs what the console asks for. Changes go out in order and stop at the first failure; every one is answered.

import type { Cluster, ClusterError } from '../cluster/cluster.js';
import type { Effect } from '../console/effect.js';
import type { ApplyFailure, Msg } from '../console/message.js';
import { performChange } from '../cluster/perform.js';
import type { Change } from '../kinds/change.js';
import type { Clock } from '../lib/clock.js';
import { err, ok, type Result } from '../lib/result.js';

/** An answer that does not come is a failure that the person must see; the change may still have been made. */
const LONGEST_ANSWER_MS = 10_000;

const FIELD_MANAGER = 'sluice-console';

const failureOf = (error: ClusterError): ApplyFailure => ({ reason: error.code === 0 ? 'Unreachable' : error.reason, message: error.message });

async function applyAll(cluster: Cluster, changes: readonly Change[]): Promise<Result<undefined, ApplyFailure>> {
  for (const change of changes) {
    const answer = await performChange(cluster, change, FIELD_MANAGER);
    if (!answer.ok) return err(failureOf(answer.error));
  }
  return ok(undefined);
}

export type EffectsOptions = {
  readonly cluster: () => Cluster | undefined;
  readonly clock: Clock;
  post(message: Msg): void;
  quit(): void;
};

export function createEffects(options: EffectsOptions): (effect: Effect) => void {
  const { clock } = options;
  const apply = async (effect: Effect & { readonly type: 'apply' }): Promise<void> => {
    const cluster = options.cluster();
    let answered = false;
    const answer = (result: Result<undefined, ApplyFailure>): void => {
      if (answered) return;
      answered = true;
      cancel();
      options.post({ type: 'applied', id: effect.id, result, now: clock.now() });
    };
    const cancel = clock.after(LONGEST_ANSWER_MS, () =>
      answer(
        err({ reason: 'Timeout', message: `the API server has not answered for ${LONGEST_ANSWER_MS / 1000} s; the change may or may not have been made` }),
      ),
    );
    answer(cluster === undefined ? err({ reason: 'Unreachable', message: 'there is no connection yet' }) : await applyAll(cluster, effect.changes));
  };
  return (effect) => {
    switch (effect.type) {
      case 'apply':
        void apply(effect);
        return;
      case 'quit':
        options.quit();
    }
  };
}
