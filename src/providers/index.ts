// The registry of metric providers, by their names in manifests.

import { PROVIDER_NAMES } from '../kinds/metric-provider.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { job } from './job.js';
import { prometheus } from './prometheus.js';
import type { Provider } from './provider.js';
import { skywalking } from './skywalking.js';
import { web } from './web.js';

const PROVIDERS: ReadonlyMap<string, Provider> = new Map([prometheus, job, web, skywalking].map((provider) => [provider.name, provider]));

/** The provider of that name. The error says which names there are, or that this version does not have it yet. */
export function findProvider(name: string): Result<Provider, string> {
  const provider = PROVIDERS.get(name);
  if (provider !== undefined) return ok(provider);
  const supported = [...PROVIDERS.keys()].join(', ');
  if ((PROVIDER_NAMES as readonly string[]).includes(name))
    return err(`metric provider ${name} is not supported yet by this version (supported: ${supported})`);
  return err(`unknown metric provider ${JSON.stringify(name)} (known: ${PROVIDER_NAMES.join(', ')})`);
}
