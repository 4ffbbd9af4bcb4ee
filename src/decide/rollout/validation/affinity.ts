// The rule of `antiAffinity`, which both strategies have.

import type { Pass } from '../pass.js';
import { invalid } from './field-error.js';

export function affinityProblem(pass: Pass): string | undefined {
  const affinity = pass.canary.antiAffinity;
  if (affinity === undefined) return undefined;
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution;
  const isRequired = affinity.requiredDuringSchedulingIgnoredDuringExecution !== undefined;
  if ((preferred !== undefined) === isRequired) {
    const value = `antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: ${isRequired} antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: ${isRequired}`;
    return invalid(`spec.strategy.antiAffinity`, value, 'AntiAffinity must have exactly one strategy listed');
  }
  if (preferred === undefined || (preferred.weight >= 1 && preferred.weight <= 100)) return undefined;
  return invalid(`spec.strategy.antiAffinity.weight`, preferred.weight, 'AntiAffinity weight must be between 1-100');
}
