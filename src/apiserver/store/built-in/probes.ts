// Probes and lifecycle hooks of a container: each does one thing, and that thing is said in full.

import { isRecord } from '../../../lib/deep.js';
import { listAt, recordAt, textAt } from '../kind.js';
import { forbiddenField, invalidValue, requiredValue, type FieldError } from '../status.js';
import { checkPortNumber } from './names.js';

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const COUNTS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const;

const PORT_NAME = /^[a-zA-Z0-9-]+$/;

function checkPort(port: unknown, field: string): readonly FieldError[] {
  if (typeof port === 'string')
    return PORT_NAME.test(port) ? [] : [invalidValue(field, port, 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')];
  return checkPortNumber(port ?? 0, field);
}

function checkHandler(handler: Readonly<Record<string, unknown>>, field: string): readonly FieldError[] {
  const present = HANDLERS.filter((key) => isRecord(handler[key]));
  const [first] = present;
  if (first === undefined) return [requiredValue(field, 'must specify a handler type')];
  const more = present.slice(1).map((key) => forbiddenField(`${field}.${key}`, 'may not specify more than 1 handler type'));
  const inner = recordAt(handler, first);
  if (first === 'exec') return [...(listAt(inner, 'command').length === 0 ? [requiredValue(`${field}.exec.command`)] : []), ...more];
  if (first === 'sleep') return more;
  return [...checkPort(inner['port'], `${field}.${first}.port`), ...more];
}

function checkProbe(container: unknown, key: (typeof PROBES)[number], path: string): readonly FieldError[] {
  const probe = recordAt({ container }, 'container')[key];
  if (!isRecord(probe)) return [];
  const field = `${path}.${key}`;
  const errors = [...checkHandler(probe, field)];
  for (const count of COUNTS) {
    const value = probe[count];
    if (typeof value === 'number' && value < 0) errors.push(invalidValue(`${field}.${count}`, value, 'must be greater than or equal to 0'));
  }
  const { successThreshold } = probe;
  if (key !== 'readinessProbe' && typeof successThreshold === 'number' && successThreshold > 1)
    errors.push(invalidValue(`${field}.successThreshold`, successThreshold, 'must be 1'));
  return errors;
}

/** An init container that ends (is not restarted always) has nothing to probe. */
export function validateHandlers(container: unknown, path: string, isInit: boolean): readonly FieldError[] {
  if (isInit && textAt(container, 'restartPolicy') !== 'Always') {
    const holder = recordAt({ container }, 'container');
    return ['lifecycle', ...PROBES]
      .filter((key) => isRecord(holder[key]))
      .map((key) => forbiddenField(`${path}.${key}`, 'may not be set for init containers without restartPolicy=Always'));
  }
  const lifecycle = recordAt(container, 'lifecycle');
  const hooks = (['postStart', 'preStop'] as const).flatMap((key) => {
    const hook = lifecycle[key];
    return isRecord(hook) ? checkHandler(hook, `${path}.lifecycle.${key}`) : [];
  });
  return [...hooks, ...PROBES.flatMap((key) => checkProbe(container, key, path))];
}
