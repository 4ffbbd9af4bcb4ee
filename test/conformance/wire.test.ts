// Holds the contract of what goes over the wire against every door that has one.

import { DOORS } from './doors.js';
import { wireContract } from './wire-contract.js';

for (const door of DOORS) if (door.speaksHttp) wireContract(door);
