// What is fuzzed: good samples, and a function that takes whatever comes. Its answer is the complaint, or undefined when the input
// was accepted. It must not throw.

export type Outcome = string | undefined;

export type Target =
  | { readonly name: string; readonly type: 'text'; readonly samples: readonly string[]; run(input: string): Outcome | Promise<Outcome> }
  | { readonly name: string; readonly type: 'value'; readonly samples: readonly unknown[]; run(input: unknown): Outcome | Promise<Outcome> };

/** The complaint of a failed result, as a sentence. */
export function complaint(result: { readonly ok: true } | { readonly ok: false; readonly error: unknown }): Outcome {
  if (result.ok) return undefined;
  const { error } = result;
  if (typeof error === 'string') return error;
  if (Array.isArray(error)) return error.map((each: unknown) => (typeof each === 'string' ? each : `${textOf(each, 'path')}: ${textOf(each, 'message')}`)).join('; ');
  return textOf(error, 'message');
}

function textOf(value: unknown, field: string): string {
  const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
  return typeof found === 'string' ? found : '';
}
