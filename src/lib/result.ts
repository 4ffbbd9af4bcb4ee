// An operation that can fail for reasons outside the program returns its failure as a value.
// Broken invariants throw (assert.ts); everything a user or a network can cause comes back as a Result.

export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export const err = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error });
