// Holds the Cluster contract against every door.

import { clusterContract } from './cluster-contract.js';
import { CLUSTER_DOORS } from './cluster-doors.js';

for (const door of CLUSTER_DOORS) clusterContract(door);
