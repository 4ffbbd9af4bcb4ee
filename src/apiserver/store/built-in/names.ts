// Names of the parts of a pod: containers, volumes; and the ports that several parts speak of.

import { DNS_LABEL } from '../../../kinds/dns-label.js';
import { duplicateValue, invalidValue, requiredValue, type FieldError } from '../status.js';

/** What a name must be that stands in a list of things with names; `seen` are those before it. */
export function checkName(name: string, field: string, seen: Set<string>): readonly FieldError[] {
  if (name === '') return [requiredValue(field)];
  if (!DNS_LABEL.pattern.test(name) || name.length > DNS_LABEL.most) return [invalidValue(field, name, DNS_LABEL.text)];
  if (seen.has(name)) return [duplicateValue(field, name)];
  seen.add(name);
  return [];
}

const LARGEST_PORT = 65_535;

export function checkPortNumber(value: unknown, field: string): readonly FieldError[] {
  const fits = typeof value === 'number' && value >= 1 && value <= LARGEST_PORT;
  return fits ? [] : [invalidValue(field, value, `must be between 1 and ${LARGEST_PORT}, inclusive`)];
}
