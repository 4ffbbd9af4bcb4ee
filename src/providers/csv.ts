// Rows of comma-separated values as RFC 4180 has them: quoted fields may hold commas, quotes and line breaks.

import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';

/** An empty line is a row with one empty field. The end of the last line is no row. */
export function csvRows(text: string): Result<readonly (readonly string[])[], string> {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const field = text[at] === '"' ? quotedField(text, at) : plainField(text, at);
    if (field === undefined) return err('a quoted field without an end');
    row.push(field.value);
    at = field.end;
    if (text[at] === ',') {
      at += 1;
      if (at === text.length) row.push('');
      continue;
    }
    rows.push(row);
    row = [];
    if (at < text.length && !/[\r\n]/.test(text.charAt(at))) return err('text after the end of a quoted field');
    at += text.startsWith('\r\n', at) ? 2 : 1;
  }
  if (row.length > 0) rows.push(row);
  return ok(rows);
}

type Field = { readonly value: string; readonly end: number };

function plainField(text: string, from: number): Field {
  const boundary = /,|\r?\n/g;
  boundary.lastIndex = from;
  const end = boundary.exec(text)?.index ?? text.length;
  return { value: text.slice(from, end), end };
}

function quotedField(text: string, from: number): Field | undefined {
  let value = '';
  for (let at = from + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return undefined;
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}
