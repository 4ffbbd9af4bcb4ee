// What is wrong in a file that a person wrote: which field, and what would be right. The app adds the file and the line.

/** `path` is the way to the field ("styles.good.foreground"), for finding its line; "" for the whole file. */
export type FieldProblem = { readonly path: readonly string[]; readonly message: string };

export function problem(path: readonly string[], message: string): FieldProblem {
  return { path, message: path.length === 0 ? message : `${path.join('.')}: ${message}` };
}

/** What stands there, in words short enough for one line. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  return (JSON.stringify(value) ?? typeof value).slice(0, 40);
}
