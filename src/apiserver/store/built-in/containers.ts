// What must hold for the containers of a pod, wherever its spec stands.

import { isRecord } from '../../../lib/deep.js';
import { parseQuantity, quantityValue } from '../../../lib/quantity.js';
import { listAt, recordAt, textAt } from '../kind.js';
import { duplicateValue, invalidValue, notFoundValue, requiredValue, type FieldError } from '../status.js';
import { checkName, checkPortNumber } from './names.js';
import { validateHandlers } from './probes.js';
import { validateVolumes } from './volumes.js';

const PORT_NAME = /^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/;
const PORT_NAME_CHARACTERS = /^[a-zA-Z0-9-]*$/;

function portNameFault(name: string): string {
  if (!PORT_NAME_CHARACTERS.test(name)) return 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)';
  return 'must be at most 15 characters of a-z, 0-9 and "-", with a letter, and begin and end with a letter or digit';
}

function checkPorts(container: unknown, path: string): readonly FieldError[] {
  const seen = new Set<string>();
  return listAt(container, 'ports').flatMap((each, index) => {
    const port = recordAt({ each }, 'each');
    const field = `${path}.ports[${index}]`;
    const errors: FieldError[] = [];
    const name = textAt(port, 'name');
    if (name !== '' && !PORT_NAME.test(name)) errors.push(invalidValue(`${field}.name`, name, portNameFault(name)));
    else if (name !== '' && seen.has(name)) errors.push(duplicateValue(`${field}.name`, name));
    seen.add(name);
    const { containerPort, hostPort } = port;
    if (containerPort === undefined || containerPort === 0) errors.push(requiredValue(`${field}.containerPort`));
    else errors.push(...checkPortNumber(containerPort, `${field}.containerPort`));
    if (hostPort !== undefined && hostPort !== 0) errors.push(...checkPortNumber(hostPort, `${field}.hostPort`));
    return errors;
  });
}

const ENV_NAME = /^[ -<>-~]+$/;
const ENV_TEXT = "a valid environment variable name must consist only of printable ASCII characters other than '='";
const ENV_SOURCES = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`';

function checkEnv(container: unknown, path: string): readonly FieldError[] {
  return listAt(container, 'env').flatMap((variable, index) => {
    const field = `${path}.env[${index}]`;
    const name = textAt(variable, 'name');
    const errors: FieldError[] = [];
    if (name === '') errors.push(requiredValue(`${field}.name`));
    else if (!ENV_NAME.test(name)) errors.push(invalidValue(`${field}.name`, name, ENV_TEXT));
    const { value, valueFrom } = recordAt({ variable }, 'variable');
    if (!isRecord(valueFrom)) return errors;
    const sources = Object.values(valueFrom).filter(isRecord).length;
    if (sources === 0) errors.push(invalidValue(`${field}.valueFrom`, '', ENV_SOURCES));
    else if (typeof value === 'string' && value !== '') errors.push(invalidValue(`${field}.valueFrom`, '', 'may not be specified when `value` is not empty'));
    else if (sources > 1) errors.push(invalidValue(`${field}.valueFrom`, '', 'may not have more than one field specified at a time'));
    return errors;
  });
}

const isNegative = (value: unknown): boolean => (typeof value === 'string' || typeof value === 'number') && (parseQuantity(value)?.nanos ?? 0n) < 0n;

const amount = (value: unknown): number => (typeof value === 'string' || typeof value === 'number' ? (quantityValue(value) ?? 0) : 0);

const text = (value: unknown): string => (typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '');

/** Of everything but the resources of Kubernetes itself there is nothing to share out: the request is the limit. */
const isShared = (resource: string): boolean => !resource.includes('/') && !resource.startsWith('hugepages-');

function checkResources(container: unknown, path: string): readonly FieldError[] {
  const resources = recordAt(container, 'resources');
  const [limits, requests] = [recordAt(resources, 'limits'), recordAt(resources, 'requests')];
  const field = `${path}.resources`;
  const errors: FieldError[] = [];
  for (const [key, holder] of [
    ['limits', limits],
    ['requests', requests],
  ] as const)
    for (const name of Object.keys(holder))
      if (isNegative(holder[name])) errors.push(invalidValue(`${field}.${key}[${name}]`, text(holder[name]), 'must be greater than or equal to 0'));
  for (const name of Object.keys(requests)) {
    const limit = limits[name];
    if (limit === undefined) continue;
    if (isShared(name) && amount(requests[name]) > amount(limit))
      errors.push(invalidValue(`${field}.requests`, text(requests[name]), `must be less than or equal to ${name} limit of ${text(limit)}`));
    if (!isShared(name) && amount(requests[name]) !== amount(limit))
      errors.push(invalidValue(`${field}.requests`, text(requests[name]), `must be equal to ${name} limit of ${text(limit)}`));
  }
  return errors;
}

function checkMounts(container: unknown, path: string, volumes: ReadonlySet<string>): readonly FieldError[] {
  const seen = new Set<string>();
  return listAt(container, 'volumeMounts').flatMap((mount, index) => {
    const field = `${path}.volumeMounts[${index}]`;
    const [name, mountPath] = [textAt(mount, 'name'), textAt(mount, 'mountPath')];
    const errors: FieldError[] = [];
    if (name === '') errors.push(requiredValue(`${field}.name`));
    if (!volumes.has(name)) errors.push(notFoundValue(`${field}.name`, name));
    if (mountPath === '') errors.push(requiredValue(`${field}.mountPath`));
    else if (seen.has(mountPath)) errors.push(invalidValue(`${field}.mountPath`, mountPath, 'must be unique'));
    seen.add(mountPath);
    return errors;
  });
}

function checkImage(container: unknown, path: string): readonly FieldError[] {
  const image = textAt(container, 'image');
  if (image === '') return [requiredValue(`${path}.image`)];
  return image.trim() === image ? [] : [invalidValue(`${path}.image`, image, 'must not have leading or trailing whitespace')];
}

/** `path` is where the pod's spec stands: "spec", "spec.template.spec". */
export function validateContainers(spec: unknown, path: string): readonly FieldError[] {
  const volumes = new Set<string>();
  const errors: FieldError[] = [...validateVolumes(spec, path, volumes)];
  if (listAt(spec, 'containers').length === 0) errors.push(requiredValue(`${path}.containers`));
  const seen = new Set<string>();
  for (const list of ['containers', 'initContainers'] as const) {
    listAt(spec, list).forEach((container, index) => {
      const field = `${path}.${list}[${index}]`;
      errors.push(
        ...checkName(textAt(container, 'name'), `${field}.name`, seen),
        ...checkImage(container, field),
        ...validateHandlers(container, field, list === 'initContainers'),
        ...checkPorts(container, field),
        ...checkEnv(container, field),
        ...checkMounts(container, field, volumes),
        ...checkResources(container, field),
      );
    });
  }
  if (textAt(spec, 'dnsPolicy') === 'None' && !isRecord(recordAt({ spec }, 'spec')['dnsConfig']))
    errors.push(requiredValue(`${path}.dnsConfig`, 'must provide `dnsConfig` when `dnsPolicy` is None'));
  return errors;
}
