// Names of the parts of a pod: containers, volumes; and the ports that several parts speak of.

import { duplicateValue, invalidValue, requiredValue, type FieldError } from '../status.js';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character " +
  "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

/** What a name must be that stands in a list of things with names; `seen` are those before it. */
export function checkName(name: string, field: string, seen: Set<string>): readonly FieldError[] {
  if (name === '') return [requiredValue(field)];
  if (!LABEL.test(name)) return [invalidValue(field, name, LABEL_TEXT)];
  if (seen.has(name)) return [duplicateValue(field, name)];
  seen.add(name);
  return [];
}

const LARGEST_PORT = 65_535;

export function checkPortNumber(value: unknown, field: string): readonly FieldError[] {
  const fits = typeof value === 'number' && value >= 1 && value <= LARGEST_PORT;
  return fits ? [] : [invalidValue(field, value, `must be between 1 and ${LARGEST_PORT}, inclusive`)];
}
