// The volumes of a pod: each has a name of its own and one source, and names what it is taken from.

import { isRecord } from '../../../lib/deep.js';
import { listAt, recordAt, textAt } from '../kind.js';
import { forbiddenField, requiredValue, type FieldError } from '../status.js';
import { checkName } from './names.js';

/** What a source can not do without. */
const NEEDED: Readonly<Record<string, string>> = {
  configMap: 'name',
  secret: 'secretName',
  hostPath: 'path',
  persistentVolumeClaim: 'claimName',
  nfs: 'server',
  csi: 'driver',
};

/** Adds the names that containers may mount. */
export function validateVolumes(spec: unknown, path: string, names: Set<string>): readonly FieldError[] {
  const seen = new Set<string>();
  return listAt(spec, 'volumes').flatMap((volume, index) => {
    const field = `${path}.volumes[${index}]`;
    const errors: FieldError[] = [...checkName(textAt(volume, 'name'), `${field}.name`, seen)];
    const holder = recordAt({ volume }, 'volume');
    const [source, ...more] = Object.keys(holder).filter((key) => isRecord(holder[key]));
    const needed = NEEDED[source ?? ''];
    if (source !== undefined && needed !== undefined && textAt(holder[source], needed) === '') errors.push(requiredValue(`${field}.${source}.${needed}`));
    for (const key of more) errors.push(forbiddenField(`${field}.${key}`, 'may not specify more than 1 volume type'));
    // What is wrong can not be mounted.
    if (errors.length === 0) names.add(textAt(volume, 'name'));
    return errors;
  });
}
