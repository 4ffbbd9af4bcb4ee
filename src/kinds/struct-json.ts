// Objects written as Go's encoding/json writes the struct behind them: fields in declared order, empty ones left out by the rules of `omitempty`.

import { isRecord } from '../lib/deep.js';
import { compareBytewise, goJson, goQuote } from '../lib/go-json.js';
import { canonicalQuantity } from '../lib/quantity.js';
import { unreachable } from '../lib/assert.js';
import type { Field, FieldType, Structs } from './field-notation.js';

type QuantityText = (input: string | number) => string;

/** The struct's JSON. Fields that the struct does not have are left out, as they would be after a round trip through Go. */
export function structJson(structs: Structs, struct: string, value: unknown, quantityText: QuantityText = canonicalQuantity): string {
  const source = isRecord(value) ? value : {};
  const parts = structs(struct).flatMap((field) => {
    const given = source[field.name];
    if (isLeftOut(field, given)) return [];
    const text = given === undefined || given === null ? zeroJson(structs, field) : valueJson(structs, field.value, given, quantityText);
    return [`${goQuote(field.name)}:${text}`];
  });
  return `{${parts.join(',')}}`;
}

function isLeftOut(field: Field, value: unknown): boolean {
  if (field.always) return false;
  if (value === null || value === undefined) return true;
  if (field.pointer || field.value.type === 'struct' || field.value.type === 'any') return false;
  if (field.value.type === 'quantity') return false;
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return Object.keys(value).length === 0;
  return value === '' || value === 0 || value === false;
}

function zeroJson(structs: Structs, field: Field): string {
  if (field.pointer) return 'null';
  switch (field.value.type) {
    case 'struct':
      return structJson(structs, field.value.struct, {});
    case 'text':
      return '""';
    case 'boolean':
      return 'false';
    case 'int32':
    case 'int64':
    case 'float':
    case 'int-or-text':
      return '0';
    case 'quantity':
      return '"0"';
    case 'list':
    case 'map':
    case 'bytes':
    case 'time':
    case 'micro-time':
    case 'any':
      return 'null';
    default:
      return unreachable(field.value);
  }
}

function valueJson(structs: Structs, type: FieldType, value: unknown, quantityText: QuantityText): string {
  if (value === null || value === undefined) return 'null';
  switch (type.type) {
    case 'struct':
      return structJson(structs, type.struct, value, quantityText);
    case 'list':
      return Array.isArray(value) ? `[${value.map((item) => valueJson(structs, type.of, item, quantityText)).join(',')}]` : 'null';
    case 'map':
      return mapJson(structs, type.of, value, quantityText);
    case 'quantity':
      return goQuote(typeof value === 'string' || typeof value === 'number' ? quantityText(value) : '0');
    case 'text':
    case 'boolean':
    case 'int32':
    case 'int64':
    case 'float':
    case 'int-or-text':
    case 'bytes':
    case 'time':
    case 'micro-time':
    case 'any':
      return goJson(value);
    default:
      return unreachable(type);
  }
}

function mapJson(structs: Structs, of: FieldType, value: unknown, quantityText: QuantityText): string {
  if (!isRecord(value)) return 'null';
  const keys = Object.keys(value).sort(compareBytewise);
  return `{${keys.map((key) => `${goQuote(key)}:${valueJson(structs, of, value[key], quantityText)}`).join(',')}}`;
}
