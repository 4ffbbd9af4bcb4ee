// All functions of templates by name. Those of sprig that are missing need the machine, chance, cryptography or a map that changes.

import type { TemplateFunction } from './budget.js';
import { BUILTINS } from './builtins.js';
import { DICTIONARIES } from './sprig-dictionaries.js';
import { LISTS } from './sprig-lists.js';
import { NUMBERS } from './sprig-numbers.js';
import { TEXTS } from './sprig-texts.js';
import { TIMES } from './sprig-times.js';
import { DEFAULTS } from './sprig-values.js';

export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map([
  ...DEFAULTS,
  ...TEXTS,
  ...NUMBERS,
  ...LISTS,
  ...DICTIONARIES,
  ...TIMES,
  // Where both have a function, such as print's family, the language's own stands.
  ...BUILTINS,
]);
