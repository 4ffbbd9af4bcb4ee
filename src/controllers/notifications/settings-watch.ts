// The settings of notifications as they are now: the ConfigMap is watched by its name, its Secret only while the ConfigMap is there. Where
// there is none, that one watch is all that notifications cost.

import { createCache } from '../../cluster/cache.js';
import type { Cluster } from '../../cluster/cluster.js';
import { startReflector, type Reflector, type ReflectorStatus } from '../../cluster/reflector.js';
import { dataTexts, type DataTexts, secretTexts } from '../../kinds/data-texts.js';
import { CONFIG_MAP, type ResourceType, SECRET } from '../../kinds/resource-type.js';
import type { Clock } from '../../lib/clock.js';
import type { Rng } from '../../lib/rng.js';
import { CONFIG_MAP_NAME, SECRET_NAME } from '../../notifiers/names.js';
import type { Notifier } from '../../notifiers/notifier.js';

export type MakeNotifier = (data: DataTexts, secrets: DataTexts) => Promise<Notifier>;

export type SettingsWatchOptions = {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly make: MakeNotifier;
  /** One sentence. */
  readonly say: (problem: string) => void;
  /** The settings are other ones now, or known for the first time. */
  readonly onChange: () => void;
};

export interface SettingsWatch {
  /** 'unknown' until the cluster has answered; undefined where there are none. */
  current(): Notifier | undefined | 'unknown';
  stop(): void;
}

const FORBIDDEN = 403;

export function watchSettings(options: SettingsWatchOptions): SettingsWatch {
  const { cluster, namespace, clock, rng } = options;
  const cache = createCache();
  let current: Notifier | undefined | 'unknown' = 'unknown';
  let secretReflector: Reflector | undefined;
  let stopped = false;
  /** Only the newest of what is being read counts. */
  let turn = 0;
  /** For an answer of the cluster: that there is none changes nothing in the cache. */
  let waits = true;
  const refused = new Set<string>();

  const watch = (type: ResourceType, name: string): Reflector =>
    startReflector({ cluster, type, cache, clock, rng, namespace, fieldSelector: `metadata.name=${name}`, onStatus: (status) => note(status, name) });
  const isKnown = (type: ResourceType): boolean => cache.stateOf(type) !== 'unknown' || refused.has(type.plural);
  const become = (next: Notifier | undefined): void => {
    if (current === next) return;
    current = next;
    options.onChange();
    for (const problem of next?.problems ?? []) options.say(problem);
  };
  const read = (): void => {
    waits = !isKnown(CONFIG_MAP);
    if (stopped || waits) return;
    turn += 1;
    const mine = turn;
    const config = cache.get({ type: CONFIG_MAP, namespace, name: CONFIG_MAP_NAME });
    if (config === undefined) {
      secretReflector?.stop();
      secretReflector = undefined;
      become(undefined);
      return;
    }
    secretReflector ??= watch(SECRET, SECRET_NAME);
    waits = !isKnown(SECRET);
    if (waits) return;
    const secret = cache.get({ type: SECRET, namespace, name: SECRET_NAME });
    void options.make(dataTexts(config['data']), secretTexts(secret?.['data'])).then(
      (next) => {
        if (!stopped && mine === turn) become(next);
      },
      (fault: unknown) => options.say(`the settings can not be read: ${String(fault)}`),
    );
  };
  const note = ({ type, error }: ReflectorStatus, name: string): void => {
    const isRefused = error?.code === FORBIDDEN;
    if (isRefused && !refused.has(type.plural)) {
      refused.add(type.plural);
      options.say(`${type.plural} ${namespace}/${name} may not be read: ${error.message}; notifications need get, list and watch of it`);
    }
    if (waits) read();
  };
  cache.listen(read);
  const configReflector = watch(CONFIG_MAP, CONFIG_MAP_NAME);

  return {
    current: () => current,
    stop() {
      stopped = true;
      configReflector.stop();
      secretReflector?.stop();
    },
  };
}
