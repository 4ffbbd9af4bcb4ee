// Holds the contract of the Cluster port against every door.

import { clusterContract } from './cluster-contract.js';
import { DOORS } from './doors.js';

for (const door of DOORS) clusterContract(door);
