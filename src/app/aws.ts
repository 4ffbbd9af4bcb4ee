// What the clients of AWS here have in common.

/** Before its SDK is loaded: its advice about versions of Node would stand across the screen. */
export function quietSdk(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}

/** Why `who` gave no answer, in a sentence. */
export function awsFailure(error: unknown, who: string, limitMs: number): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return name === 'AbortError' || name === 'TimeoutError' ? `${who} did not answer within ${limitMs / 1000} s` : `${name}: ${message}`;
}
