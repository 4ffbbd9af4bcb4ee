// All demos, in the order in which they are listed.

import { bookinfo } from './bookinfo.js';
import { canaryDemoApp } from './canary-demo-app.js';
import { colorapi } from './colorapi.js';
import { myapp } from './myapp.js';
import type { Scenario } from './scenario.js';
import { sillyDemo } from './silly-demo.js';

export const SCENARIOS: readonly Scenario[] = [bookinfo, sillyDemo, myapp, colorapi, canaryDemoApp];
