// The embedded server under load for a minute: 200 watchers of 5,000 objects over HTTPS, writes as fast as they are taken.

import { loadServer } from '../support/watch-load.js';
import type { LoadResult } from '../support/watch-load.js';

const LOAD = { watchers: 200, objects: 5000, until: { ms: 60_000 } } as const;

export async function measureWatches(): Promise<LoadResult & { readonly watchers: number }> {
  const result = await loadServer(LOAD);
  if (result.wrong.length > 0) throw new Error(`watchers saw other than what was written: ${result.wrong.slice(0, 3).join('; ')}`);
  return { ...result, watchers: LOAD.watchers };
}
