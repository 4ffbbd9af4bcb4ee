// Holds the contract of the API against every door.

import { apiContract } from './api-contract.js';
import { DOORS } from './doors.js';

for (const door of DOORS) apiContract(door);
