// The rules of the blueGreen strategy's settings.

import type { Pass } from '../pass.js';
import { DEFAULT_HISTORY_LIMIT } from '../names.js';
import { affinityProblem } from './affinity.js';
import { invalid } from './field-error.js';

const SAME_SERVICE = 'This rollout uses the same service for the active and preview services, but two different services are required.';
const LIMITS = "This rollout's revision history limit can not be smaller than the rollout's scale down limit";

export function blueGreenProblem(pass: Pass): string | undefined {
  const blueGreen = pass.rollout.spec.strategy?.blueGreen;
  if (blueGreen === undefined) return undefined;
  if (blueGreen.activeService === blueGreen.previewService) return invalid('spec.strategy.activeService', blueGreen.activeService, SAME_SERVICE);
  const limit = blueGreen.scaleDownDelayRevisionLimit;
  const kept = pass.rollout.spec.revisionHistoryLimit ?? DEFAULT_HISTORY_LIMIT;
  if (limit !== undefined && limit > kept) return invalid('spec.strategy.scaleDownDelayRevisionLimit', limit, LIMITS);
  return affinityProblem(pass);
}
