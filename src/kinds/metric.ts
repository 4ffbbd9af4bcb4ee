// One metric of an analysis: how often it is measured, by which provider, and what counts as success.

import { intOrText, object, required, text } from './schema.js';
import type { Infer } from './schema.js';
import { providerSchema } from './metric-provider.js';

export const metricSchema = object({
  name: required(text()),
  interval: text(),
  initialDelay: text(),
  count: intOrText(),
  successCondition: text(),
  failureCondition: text(),
  failureLimit: intOrText(),
  inconclusiveLimit: intOrText(),
  consecutiveErrorLimit: intOrText(),
  consecutiveSuccessLimit: intOrText(),
  provider: required(providerSchema),
});

export type Metric = Infer<typeof metricSchema>;
