// A command of one's own with everything put in: what the app is to run, and how it is written down.

import type { Inputs } from '../acts/act.js';
import { shellQuoted } from '../kubectl-line.js';
import { fill, type FieldValues, inputField, readBy } from './fields.js';
import type { OwnCommand } from './own.js';
import { namedFields } from './subject.js';

/** `environment` is what it gets besides that of the console; secrets stand there and nowhere else. */
export type OwnRun = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: FieldValues;
  readonly background: boolean;
  /** As one would type it. */
  readonly line: string;
};

const prefixed = (values: FieldValues): FieldValues => Object.fromEntries(Object.entries(values).map(([field, value]) => [`SLUICE_${field}`, value]));

/** `answers` by the id of the field: that of the input (inputField). */
export function prepare(own: OwnCommand, values: FieldValues, answers: Inputs, readOnly: boolean): OwnRun {
  const given: FieldValues = Object.fromEntries(own.inputs.map(({ name }) => [inputField(name), answers[inputField(name)] ?? '']));
  const secrets = new Set(own.inputs.filter(({ type }) => type === 'secret').map(({ name }) => inputField(name)));
  const all: FieldValues = { ...values, ...given };
  const { args, variables } = fill(own, all);
  const shown = readBy(own, variables).filter((field) => !secrets.has(field));
  const { KUBECONFIG: kubeconfig = '' } = values;
  return {
    name: own.name,
    command: own.command,
    args,
    environment: {
      ...prefixed({ ...Object.fromEntries(namedFields(values)), ...given }),
      ...variables,
      ...(kubeconfig === '' ? {} : { KUBECONFIG: kubeconfig }),
      // A Sluice that it starts is held to the same.
      ...(readOnly ? { SLUICE_READ_ONLY: 'true' } : {}),
    },
    background: own.background,
    line: [...shown.map((field) => `${field}=${shellQuoted(variables[field] ?? '')}`), ...[own.command, ...args].map(shellQuoted)].join(' '),
  };
}
