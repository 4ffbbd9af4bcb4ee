// An object as lines of YAML, for reading: fields in the order in which the server sent them, long texts in one line.

import { isRecord } from '../lib/deep.js';

const INDENT = '  ';

/** Texts that another reader would take for something else. */
const AMBIGUOUS = /^(?:~|null|true|false|yes|no|on|off|[-+]?(?:\d[\d_]*)?\.?\d+(?:e[-+]?\d+)?|0x[\da-f]+|0o[0-7]+|\.inf|\.nan)$/i;

const PLAIN = /^[^\s\-?:,[\]{}#&*!|>'"%@`](?:[^\n#:]|:(?! |$)|(?<! )#)*$/;

function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value ?? null);
  if (value === '') return '""';
  return PLAIN.test(value) && !AMBIGUOUS.test(value) && value.trim() === value ? value : JSON.stringify(value);
}

const isEmpty = (value: unknown): boolean => (Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0);

function block(value: unknown, indent: string): readonly string[] {
  if (Array.isArray(value))
    return value.flatMap((item) => {
      if ((!Array.isArray(item) && !isRecord(item)) || isEmpty(item)) return [`${indent}- ${inline(item)}`];
      const [first = '', ...rest] = block(item, `${indent}${INDENT}`);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  if (!isRecord(value)) return [`${indent}${scalar(value)}`];
  return Object.entries(value).flatMap(([key, field]) => {
    if (field === undefined) return [];
    if (typeof field === 'string' && field.includes('\n'))
      return [
        `${indent}${scalar(key)}: |`,
        ...field
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => `${indent}${INDENT}${line}`),
      ];
    if ((!Array.isArray(field) && !isRecord(field)) || isEmpty(field)) return [`${indent}${scalar(key)}: ${inline(field)}`];
    return [`${indent}${scalar(key)}:`, ...block(field, Array.isArray(field) ? indent : `${indent}${INDENT}`)];
  });
}

const inline = (value: unknown): string => (Array.isArray(value) ? '[]' : isRecord(value) ? '{}' : scalar(value));

export function yamlLines(value: unknown): readonly string[] {
  return isEmpty(value) || (!Array.isArray(value) && !isRecord(value)) ? [inline(value)] : block(value, '');
}
