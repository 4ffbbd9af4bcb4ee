// The clusters of a session. Each has a connection of its own: what is slow or dead in one is nothing to the others.

import type { Cluster } from '../cluster/cluster.js';
import type { Need } from '../console/need.js';
import type { Result } from '../lib/result.js';
import { type Connected, type Connection, type ConnectionOptions, createConnection, type Tell } from './connection.js';
import { type Identity, localIdentity } from './identity.js';

export type ConnectionsOptions = Omit<ConnectionOptions, 'context' | 'connect'> & {
  /** Without a name: the context that the kubeconfig calls current. `later`: not named at the start, but by a key. The failure is a sentence. */
  connect(tell: Tell, context: string | undefined, later: boolean): Promise<Result<Connected, string>>;
};

export interface Connections {
  cluster(context: string): Cluster | undefined;
  /** Who acts there. */
  identity(context: string): Identity;
  need(needs: readonly Need[]): void;
  /** Reads everything of all anew. */
  refresh(): void;
  /** Resolves with a sentence when it can not be connected to. */
  open(context: string | undefined, later?: boolean): Promise<string | undefined>;
  /** Resolves when all that drive without a screen are at rest. */
  driveOn(signal: AbortSignal): Promise<void>;
  /** Resolves when an engine that drove it from here has given its Lease back. */
  close(context: string): Promise<void>;
  /** Tries again at once whatever waits there after a failure. */
  hurry(context: string): void;
  closeAll(): Promise<void>;
}

export function createConnections(options: ConnectionsOptions): Connections {
  const all = new Set<Connection>();
  const find = (context: string): Connection | undefined => [...all].find((each) => each.name() === context);
  return {
    cluster: (context) => find(context)?.cluster(),
    identity: (context) => find(context)?.identity() ?? localIdentity(options.environment),
    need(needs) {
      for (const each of all) each.need(needs.filter(({ cluster }) => cluster === each.name()));
    },
    refresh() {
      for (const each of all) each.refresh();
    },
    async open(context, later = false) {
      const connection = createConnection({ ...options, context, connect: (tell) => options.connect(tell, context, later) });
      all.add(connection);
      const problem = await connection.open();
      if (problem !== undefined) all.delete(connection);
      return problem;
    },
    async close(context) {
      const connection = find(context);
      if (connection === undefined) return;
      all.delete(connection);
      await connection.close();
    },
    hurry: (context) => find(context)?.hurry(),
    async driveOn(signal) {
      await Promise.all([...all].map((each) => each.driveOn(signal)));
    },
    async closeAll() {
      await Promise.all([...all].map((each) => each.close()));
    },
  };
}
