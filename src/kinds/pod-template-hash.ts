// The hashes that name revisions: of a pod template, and of a canary's steps. They agree with Argo Rollouts v1.9 to the byte,
// because another engine must find the same ReplicaSets and must not take the steps for changed ones.

import { fnv1a32 } from '../lib/fnv.js';
import { createStructs } from './field-notation.js';
import { POD_TEMPLATE_FIELDS } from './pod-template-fields.js';
import type { PodTemplateSpec } from './pod-template.js';
import type { CanaryStep } from './rollout-strategy.js';
import { stepsJson } from './step-json.js';
import { structJson } from './struct-json.js';

/** The fields of a pod template and all that it holds. */
export const podTemplateStructs = createStructs(POD_TEMPLATE_FIELDS);

// What is observed never changes, and a pass that follows a change of the status asks for the same two hashes again.
const templateHashes = new WeakMap<PodTemplateSpec, string>();
const stepHashes = new WeakMap<readonly CanaryStep[], string>();

const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A number in Kubernetes' safe alphabet: no vowels, no digits that look like letters. */
function safeEncode(hash: number): string {
  return Array.from(String(hash), (digit) => SAFE_ALPHABET.charAt(digit.charCodeAt(0) % SAFE_ALPHABET.length)).join('');
}

const hashOf = (json: string): string => safeEncode(fnv1a32(Buffer.from(json)));

function remembered<T extends object>(hashes: WeakMap<T, string>, of: T, jsonOf: (of: T) => string): string {
  const known = hashes.get(of);
  if (known !== undefined) return known;
  const hash = hashOf(jsonOf(of));
  hashes.set(of, hash);
  return hash;
}

/** The template as Go writes it: the input of the hash. */
export function podTemplateJson(template: PodTemplateSpec): string {
  return structJson(podTemplateStructs, 'PodTemplateSpec', template);
}

/** One to ten characters. Takes the template as stored, after the defaults of the CRD and without those of pods. No collision count is not the same as 0. */
export function podTemplateHash(template: PodTemplateSpec, collisionCount?: number): string {
  if (collisionCount === undefined) return remembered(templateHashes, template, podTemplateJson);
  const json = Buffer.from(podTemplateJson(template));
  const suffix = Buffer.alloc(8);
  suffix.writeUInt32LE(collisionCount >>> 0);
  return safeEncode(fnv1a32(Buffer.concat([json, suffix])));
}

/** The hash of the steps; a canary without steps has one too. Blue-green rollouts have none ("" in their status). */
export function stepHash(steps: readonly CanaryStep[] | undefined): string {
  if (steps === undefined) return hashOf('null');
  return remembered(stepHashes, steps, () => stepsJson(steps));
}
