// Events are kept for an hour after their last write, as the real server keeps them; a sweep runs when new ones come.

import { parseTime, type Instant } from '../../lib/instant.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { EVENT_LIFETIME_MS } from './limits.js';

type Entry = { readonly uid: string; readonly at: Instant };

export type EventExpiry = {
  /** To be called at every write of an event. */
  written(object: KubeObject, now: Instant): void;
  /** The uids whose time has come; each is told once for each lifetime. */
  due(now: Instant): readonly string[];
};

export function createEventExpiry(): EventExpiry {
  const writtenAt = new Map<string, Instant>();
  let queue: Entry[] = [];
  return {
    written(object, now) {
      const uid = object.metadata.uid ?? '';
      if (!writtenAt.has(uid)) queue.push({ uid, at: parseTime(object.metadata.creationTimestamp) ?? now });
      writtenAt.set(uid, now);
    },
    due(now) {
      if ((queue[0]?.at ?? now) + EVENT_LIFETIME_MS > now) return [];
      const found: string[] = [];
      const kept: Entry[] = [];
      for (const entry of queue) {
        const at = writtenAt.get(entry.uid) ?? entry.at;
        if (at + EVENT_LIFETIME_MS > now) {
          kept.push({ uid: entry.uid, at });
        } else {
          found.push(entry.uid);
          writtenAt.delete(entry.uid);
        }
      }
      queue = kept.sort((a, b) => a.at - b.at);
      return found;
    },
  };
}
