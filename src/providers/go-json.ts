// JSON as Go writes it on one line: sorted keys, HTML characters escaped. Measured values are stored in this form.

const ESCAPED: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', '\u2028': '\\u2028', '\u2029': '\\u2029' };

const textJson = (text: string): string => JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (char) => ESCAPED[char] ?? char);

/** For JSON-like data. */
export function goJson(value: unknown): string {
  if (typeof value === 'string') return textJson(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${textJson(key)}:${goJson(item)}`).join(',')}}`;
}
