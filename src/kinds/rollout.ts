// The Rollout: what should run, how a new revision is brought out, and how far that has come.

import { isRecord } from '../lib/deep.js';
import { labelSelectorSchema } from './analysis-spec.js';
import { createParser } from './check-schema.js';
import { wholeObject } from './kind-schema.js';
import type { KubeObject, LabelSelector, ObjectMeta } from './kube-object.js';
import { podTemplateSchema } from './pod-template-schema.js';
import { blueGreenSchema, canarySchema } from './rollout-strategy.js';
import { rolloutStatusSchema } from './rollout-status.js';
import type { RolloutStatus } from './rollout-status.js';
import { bool, int, object, raw, text, time } from './schema.js';
import type { Infer } from './schema.js';
import { IMMUTABLE } from './structural-schema.js';

export type { BlueGreenStrategy, CanaryStep, CanaryStrategy, ExperimentStep } from './rollout-strategy.js';
export type { PauseCondition, RolloutCondition, RolloutStatus } from './rollout-status.js';

const fixedSelectorSchema = raw<LabelSelector>(() => ({
  ...labelSelectorSchema.structural(),
  'x-kubernetes-validations': [{ rule: IMMUTABLE, message: '.spec.selector is immutable' }],
}));

const workloadRefSchema = object({ apiVersion: text(), kind: text(), name: text(), scaleDown: text() });

export type WorkloadRef = Infer<typeof workloadRefSchema>;

export const rolloutSpecSchema = object({
  replicas: int(),
  selector: fixedSelectorSchema,
  template: podTemplateSchema,
  workloadRef: workloadRefSchema,
  minReadySeconds: int(),
  strategy: object({ canary: canarySchema, blueGreen: blueGreenSchema }),
  revisionHistoryLimit: int(),
  paused: bool(),
  progressDeadlineSeconds: int(),
  progressDeadlineAbort: bool(),
  restartAt: time(),
  analysis: object({ successfulRunHistoryLimit: int(), unsuccessfulRunHistoryLimit: int() }),
  rollbackWindow: object({ revisions: int() }),
});

export type RolloutSpec = Infer<typeof rolloutSpecSchema>;

export type Rollout = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: RolloutSpec;
  readonly status?: RolloutStatus | undefined;
};

export const rolloutSchema = wholeObject<Rollout>(rolloutSpecSchema, rolloutStatusSchema);

/** Reads untrusted input. */
export const parseRollout = createParser(rolloutSchema);

/** Takes an object that the API server has accepted for what it is; only a missing spec or a status of nonsense is mended. */
export function asRollout(object: KubeObject): Rollout {
  const spec = isRecord(object['spec']) ? object['spec'] : {};
  const status = isRecord(object['status']) ? object['status'] : undefined;
  return { ...object, spec, status };
}
