// The doors that the Cluster contract is held against. A new implementation of the port is one more row.

import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import { systemClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import type { ClusterDoor } from './cluster-contract.js';

const inProcess: ClusterDoor = {
  name: 'in process',
  open: async () => {
    const store = createStore({ now: systemClock.now(), rng: createRng(1), definitions: customResourceDefinitions() });
    return { cluster: createInProcessCluster({ store, clock: systemClock, name: 'in-process' }), close: async () => undefined };
  },
};

export const CLUSTER_DOORS: readonly ClusterDoor[] = [inProcess];
