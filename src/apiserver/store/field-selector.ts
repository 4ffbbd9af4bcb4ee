// Field selectors: `metadata.name=x,status.phase!=Running`. Each kind names the fields that it can be selected by.

import type { KubeObject } from '../../kinds/kube-object.js';
import { err, ok, type Result } from '../../lib/result.js';
import { textAt, type Kind } from './kind.js';

export type FieldTest = {
  readonly matches: (object: KubeObject) => boolean;
  /** Set when the selector asks for one name: then at most one object of a namespace can match. */
  readonly name: string | undefined;
};

const TERM = /^\s*([\w.[\]-]+)\s*(==|=|!=)\s*(.*?)\s*$/;

const METADATA: Readonly<Record<string, (object: KubeObject) => string>> = {
  'metadata.name': (object) => object.metadata.name,
  'metadata.namespace': (object) => textAt(object.metadata, 'namespace'),
};

const unknownField = (field: string): string => `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;

/** Undefined when the selector takes everything. The error is a sentence. */
export function parseFieldSelector(text: string | undefined, kind: Kind): Result<FieldTest | undefined, string> {
  if (text === undefined || text.trim() === '') return ok(undefined);
  const tests: ((object: KubeObject) => boolean)[] = [];
  let name: string | undefined;
  for (const part of text.split(',')) {
    const match = TERM.exec(part);
    if (match === null) return err(`invalid selector: '${text}'; can't understand '${part}'`);
    const [, field = '', operator = '', value = ''] = match;
    // By own names only: every object has a constructor.
    const read = [METADATA, kind.rules.selectableFields ?? {}].find((fields) => Object.hasOwn(fields, field))?.[field];
    if (read === undefined) return err(kind.custom || kind.rules.selectableFields !== undefined ? `field label not supported: ${field}` : unknownField(field));
    if (operator !== '!=' && field === 'metadata.name') name = value;
    tests.push(operator === '!=' ? (object) => read(object) !== value : (object) => read(object) === value);
  }
  return ok({ name, matches: (object) => tests.every((test) => test(object)) });
}
