// Istio's objects come from other hands, and from servers that may not know their schemas: where a part that is read here is of another
// form it is named, before anything is made of it.

import type { KubeObject } from '../../kinds/kube-object.js';
import { isRecord } from '../../lib/deep.js';

type Form = 'record' | 'text' | 'number' | List | Shape;
interface List {
  readonly each: Shape;
}
interface Shape {
  readonly [field: string]: Form;
}

const DESTINATION: Shape = { host: 'text', subset: 'text', port: 'record' };
const ROUTE: Form = { each: { destination: DESTINATION, weight: 'number' } };
const MATCHES: Form = { each: {} };

export const VIRTUAL_SERVICE_SHAPE: Shape = {
  http: { each: { name: 'text', match: MATCHES, route: ROUTE, mirror: DESTINATION } },
  tls: { each: { match: MATCHES, route: ROUTE } },
  tcp: { each: { match: MATCHES, route: ROUTE } },
};

export const DESTINATION_RULE_SHAPE: Shape = { host: 'text', subsets: { each: { name: 'text', labels: 'record' } } };

const WORDS = { record: 'an object', text: 'text', number: 'a number' } as const;

/** "spec.http[0].route is not a list"; undefined when all is as it is read. */
export function misshapen(object: KubeObject, shape: Shape): string | undefined {
  return inRecord(object['spec'], shape, 'spec');
}

function inRecord(value: unknown, shape: Shape, path: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) return `${path} is not an object`;
  for (const [field, form] of Object.entries(shape)) {
    const problem = inField(value[field], form, `${path}.${field}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function inField(value: unknown, form: Form, path: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof form === 'string') {
    const fits = form === 'record' ? isRecord(value) : form === 'text' ? typeof value === 'string' : typeof value === 'number';
    return fits ? undefined : `${path} is not ${WORDS[form]}`;
  }
  if (!isList(form)) return isRecord(value) ? inRecord(value, form, path) : `${path} is not an object`;
  if (!Array.isArray(value)) return `${path} is not a list`;
  for (const [index, item] of value.entries()) {
    const problem = isRecord(item) ? inRecord(item, form.each, `${path}[${index}]`) : `${path}[${index}] is not an object`;
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const isList = (form: List | Shape): form is List => 'each' in form && Object.keys(form).length === 1;
