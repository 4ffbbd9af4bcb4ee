// The registry of metric providers, by their names in manifests.

import { PROVIDER_NAMES } from '../kinds/metric-provider.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { cloudWatch } from './cloud-watch.js';
import { datadog } from './datadog.js';
import { graphite } from './graphite.js';
import { influxdb } from './influxdb.js';
import { job } from './job.js';
import { kayenta } from './kayenta.js';
import { newRelic } from './new-relic.js';
import { prometheus } from './prometheus.js';
import type { Provider } from './provider.js';
import { skywalking } from './skywalking.js';
import { wavefront } from './wavefront.js';
import { web } from './web.js';

export const PROVIDERS: readonly Provider[] = [prometheus, job, kayenta, web, datadog, wavefront, newRelic, cloudWatch, graphite, influxdb, skywalking];

/** The provider of that name. The error says which names there are. */
export function findProvider(name: string): Result<Provider, string> {
  const provider = PROVIDERS.find((each) => each.name === name);
  return provider === undefined ? err(`unknown metric provider ${JSON.stringify(name)} (known: ${PROVIDER_NAMES.join(', ')})`) : ok(provider);
}
