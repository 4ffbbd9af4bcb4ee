// JSON merge patch, RFC 7386: applying one, and making the smallest one between two values.

import { clone, deepEqual, isRecord } from './deep.js';

/** The target with the patch applied; neither is changed. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return clone(patch);
  const merged: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (value !== undefined) merged[key] = applyMergePatch(merged[key], value);
  }
  return merged;
}

/** The merge patch that turns `before` into `after`, or undefined when they are equal. Lists are replaced whole. */
export function createMergePatch(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = before[key];
    const wanted = after[key];
    if (deepEqual(old, wanted)) continue;
    if (wanted === undefined || wanted === null) {
      if (old !== undefined && old !== null) patch[key] = null;
    } else if (isRecord(old) && isRecord(wanted)) {
      const inner = createMergePatch(old, wanted);
      if (inner !== undefined) patch[key] = inner;
    } else {
      patch[key] = clone(wanted);
    }
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}
