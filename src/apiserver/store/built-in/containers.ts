// What must hold for the containers of a pod, wherever its spec stands.

import { listAt, recordAt, textAt } from '../kind.js';
import { duplicateValue, invalidValue, requiredValue, type FieldError } from '../status.js';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character " +
  "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

const LARGEST_PORT = 65_535;

function checkPorts(container: unknown, path: string): readonly FieldError[] {
  return listAt(container, 'ports').flatMap((port, index) => {
    const number = recordAt({ port }, 'port')['containerPort'];
    const field = `${path}.ports[${index}].containerPort`;
    if (number === undefined) return [requiredValue(field)];
    return typeof number === 'number' && number >= 1 && number <= LARGEST_PORT ? [] : [invalidValue(field, number, 'must be between 1 and 65535, inclusive')];
  });
}

/** `path` is where the pod's spec stands: "spec", "spec.template.spec". */
export function validateContainers(spec: unknown, path: string): readonly FieldError[] {
  const containers = listAt(spec, 'containers');
  if (containers.length === 0) return [requiredValue(`${path}.containers`)];
  const seen = new Set<string>();
  return ['initContainers', 'containers'].flatMap((list) =>
    listAt(spec, list).flatMap((container, index) => {
      const field = `${path}.${list}[${index}]`;
      const errors: FieldError[] = [];
      const name = textAt(container, 'name');
      if (name === '') errors.push(requiredValue(`${field}.name`));
      else if (!LABEL.test(name)) errors.push(invalidValue(`${field}.name`, name, LABEL_TEXT));
      else if (seen.has(name)) errors.push(duplicateValue(`${field}.name`, name));
      seen.add(name);
      if (textAt(container, 'image') === '') errors.push(requiredValue(`${field}.image`));
      return [...errors, ...checkPorts(container, field)];
    }),
  );
}
