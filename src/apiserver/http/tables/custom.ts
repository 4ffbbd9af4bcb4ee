// The table of a custom resource: its name, then the `additionalPrinterColumns` of its definition.

import type { Instant } from '../../../lib/instant.js';
import { findColumn } from '../../../lib/json-path.js';
import type { PrinterColumn } from '../catalogue.js';
import type { Cell, Column } from './column.js';
import { AGE, NAME } from './column.js';
import { ageOf } from './human-duration.js';

/** As the real server: name and age where the definition names no columns. */
export function customColumns(rows: readonly PrinterColumn[] | undefined): readonly Column[] {
  if (rows === undefined || rows.length === 0) return [NAME, AGE];
  return [NAME, ...rows.map(customColumn)];
}

function customColumn({ name, type, format, description, priority, jsonPath }: PrinterColumn): Column {
  // Only the first of several values has room in a cell.
  return { name, type, format, description, priority, cell: (object, now) => cellOf(type, findColumn(jsonPath, object)[0], now) };
}

/** A value that is absent or of another type than the column's is an empty cell. */
function cellOf(type: string, value: unknown, now: Instant): Cell {
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? ageOf(value, now) : null;
    default:
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}
