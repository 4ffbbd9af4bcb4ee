// Keeps reading a cluster, shows how far the first reading has come, and lets a person stop it and begin anew: the first
// reading of a large cluster over a thin line may be more than they want.

import type { Snapshot } from '../kinds/snapshot.js';
import { countText } from '../lib/count-text.js';
import { type ClusterView, observeCluster, type ObserveOptions } from './observe.js';
import type { Work, Works } from './works.js';

export interface Reading extends ClusterView {
  /** Reads all anew, also after a stop. */
  again(): void;
}

export function startReading(options: Omit<ObserveOptions, 'onRead'>, works: Works): Reading {
  let view: ClusterView;
  let stopped: Snapshot | undefined;
  let work: Work | undefined;

  const finish = (): void => {
    work?.end();
    work = undefined;
  };
  const stop = (): void => {
    const { clock } = options;
    const reason = 'reading was stopped by hand (:refresh reads again)';
    stopped = { ...view.snapshot(), connection: { type: 'lost', since: clock.now(), lastSignalAt: undefined, reason } };
    view.stop();
    finish();
    options.onChange();
  };
  const begin = (): void => {
    stopped = undefined;
    const begun = works.start(`reading ${options.cluster.name}`, false);
    work = begun;
    // The first status comes while the view is being made.
    let isRead = (): boolean => false;
    begun.signal.addEventListener('abort', stop, { once: true });
    view = observeCluster({
      ...options,
      onChange() {
        if (isRead()) finish();
        options.onChange();
      },
      onRead: (count) => begun.tell(`${countText(count)} objects`),
    });
    ({ isRead } = view);
  };
  begin();
  return {
    snapshot: () => stopped ?? view.snapshot(),
    listed: () => view.listed(),
    isRead: () => view.isRead(),
    hurry: () => view.hurry(),
    stop() {
      finish();
      view.stop();
    },
    again() {
      finish();
      view.stop();
      begin();
      options.onChange();
    },
  };
}
