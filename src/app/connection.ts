// One cluster of a session, from connecting to taking leave: what is seen of it, who acts there, what its screens need, and
// the engine, if one drives it here.

import type { Cluster } from '../cluster/cluster.js';
import type { Msg } from '../console/message.js';
import type { Need } from '../console/need.js';
import { resolveSettings, type SettingsLayers } from '../console/settings/resolve.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { Clock } from '../lib/clock.js';
import type { Result } from '../lib/result.js';
import { createRng } from '../lib/rng.js';
import { askIdentity, type Identity, identityText, localIdentity } from './identity.js';
import type { DebugLog } from './debug-log.js';
import { createNeeds } from './needs.js';
import { type Reading, startReading } from './reading.js';
import type { Works } from './works.js';

export type Connected = {
  readonly cluster: Cluster;
  readonly embedded: boolean;
  /** What the kubeconfig calls this person. */
  readonly user?: string;
  /** None: all, or those that this person may see. */
  readonly namespaces: readonly string[];
  /** Where to look first if all may not be seen: those that the kubeconfig and the settings name. */
  likelyNamespaces(): readonly string[];
  readonly lease: ObjectRef;
  /** The identity under which an engine in this process leads, while it does. */
  leadingAs(): string | undefined;
  stop(): Promise<void>;
};

/** What connecting may say on the screen while it goes on. */
export type Tell = {
  notice(text: string): void;
  /** Takes the place of the lines under help. */
  hints(lines: readonly string[]): void;
  /** Where requests are written down, if anywhere. */
  readonly log: DebugLog | undefined;
};

export type ConnectionOptions = {
  /** Absent: whatever the kubeconfig calls current. */
  readonly context?: string | undefined;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  layers(): SettingsLayers;
  readonly works: Works;
  readonly log: DebugLog | undefined;
  post(message: Msg): void;
  /** The failure is a sentence. */
  connect(tell: Tell): Promise<Result<Connected, string>>;
};

export interface Connection {
  /** The name of the context, once it is known. */
  name(): string | undefined;
  cluster(): Cluster | undefined;
  identity(): Identity;
  /** What its open screens need, after each change. */
  need(needs: readonly Need[]): void;
  /** Reads everything anew. */
  refresh(): void;
  /** Resolves with a sentence when it can not be connected to. */
  open(): Promise<string | undefined>;
  /** Goes on driving without a screen, until all is at rest or the signal aborts. */
  driveOn(signal: AbortSignal): Promise<void>;
  /** Tries again at once whatever waits after a failure. */
  hurry(): void;
  close(): Promise<void>;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { clock, environment, works, log, post } = options;
  let identity = localIdentity(environment);
  let connected: Connected | undefined;
  let view: Reading | undefined;
  let closed = false;
  let announced = false;
  let needing = false;
  const notice = (level: 'info' | 'attention', text: string): void => post({ type: 'notice', level, text, now: clock.now() });
  const needs = createNeeds({
    cluster: () => connected?.cluster,
    clock,
    rng: createRng(clock.now()),
    works,
    environment,
    who: () => identityText(identity),
    post,
  });
  const announce = (): void => {
    if (announced) return;
    announced = true;
    // Many watch events come in one turn of the event loop; the console sees their sum.
    setImmediate(() => {
      announced = false;
      if (view !== undefined && !closed) post({ type: 'cluster-changed', snapshot: view.snapshot(), now: clock.now() });
    });
  };
  const tellHangup = async (context: string): Promise<void> => {
    const { takeHangupLog } = await import('./hangup.js');
    const text = await takeHangupLog(environment, context);
    if (text !== undefined) notice('attention', text);
  };
  return {
    name: () => connected?.cluster.name ?? options.context,
    cluster: () => connected?.cluster,
    identity: () => identity,
    need(wanted) {
      if (wanted.length > 0 || needing) needs.sync(wanted);
      needing = wanted.length > 0;
    },
    refresh: () => view?.again(),
    async open() {
      const result = await options.connect({ notice: (text) => notice('info', text), hints: (lines) => post({ type: 'hints', lines }), log });
      if (!result.ok) return result.error;
      connected = result.value;
      if (closed) {
        await connected.stop();
        return undefined;
      }
      const { cluster, embedded, namespaces, likelyNamespaces, lease, leadingAs } = connected;
      if (!embedded) void tellHangup(cluster.name);
      // Who the server takes this person for is asked beside everything else; until then the kubeconfig's name stands.
      void askIdentity(cluster, { ...identity, user: connected.user ?? '' }).then((known) => {
        identity = known;
        post({ type: 'who', cluster: cluster.name, who: identityText(known) });
      });
      const rng = createRng(clock.now());
      view = startReading({ cluster, clock, rng, embedded, lease, leadingAs, onChange: announce, namespaces, likelyNamespaces }, works);
      return undefined;
    },
    /** Nothing of an embedded cluster outlives the process, so there is nothing to go on for. */
    async driveOn(signal) {
      if (connected === undefined || view === undefined || connected.embedded || connected.leadingAs() === undefined) return;
      const { cluster, leadingAs } = connected;
      if (resolveSettings(options.layers(), cluster.name).settings.onHangup === 'release') return;
      const { createHangupLog, driveOn } = await import('./hangup.js');
      const { snapshot } = view;
      await driveOn({ clock, signal, snapshot, leads: () => leadingAs() !== undefined, write: createHangupLog(environment, cluster.name, clock) });
    },
    hurry: () => view?.hurry(),
    async close() {
      closed = true;
      view?.stop();
      await needs.stop();
      await connected?.stop();
    },
  };
}
