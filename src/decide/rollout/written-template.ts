// A pod template in the form in which a Go program writes it back: quantities in canonical form, `resources: {}` in each container.
// Argo's controller writes the whole Rollout when it gives it a revision, and so brings the stored template into this form. An engine
// that takes over, and whoever compares generations, must find the same; and templates compare equal only in one form.

import { podTemplateJson } from '../../kinds/pod-template-hash.js';
import type { PodTemplateSpec } from '../../kinds/pod-template.js';
import { isRecord } from '../../lib/deep.js';
import { createMergePatch } from '../../lib/merge-patch.js';

/** The template with what the written form adds or changes. Nothing is taken away, not even fields that this program does not know. */
export function writtenTemplate(template: PodTemplateSpec): PodTemplateSpec {
  return laidOver(template, JSON.parse(podTemplateJson(template))) as PodTemplateSpec;
}

/** The merge patch that brings the stored template into the written form; undefined when it is in it. */
export function writtenTemplatePatch(template: PodTemplateSpec): Record<string, unknown> | undefined {
  return createMergePatch(template, writtenTemplate(template));
}

function laidOver(stored: unknown, written: unknown): unknown {
  if (isRecord(stored) && isRecord(written)) {
    const keys = [...new Set([...Object.keys(stored), ...Object.keys(written)])];
    return Object.fromEntries(keys.map((key) => [key, key in written ? laidOver(stored[key], written[key]) : stored[key]]));
  }
  if (Array.isArray(stored) && Array.isArray(written) && stored.length === written.length) return stored.map((item, index) => laidOver(item, written[index]));
  return written ?? stored;
}
