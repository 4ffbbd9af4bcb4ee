// Reads what the screens that are open need beyond the usual watches, and stops when they are closed.

import { createCache } from '../cluster/cache.js';
import type { Cluster } from '../cluster/cluster.js';
import { startReflector } from '../cluster/reflector.js';
import type { Msg } from '../console/message.js';
import { type LogText, type Need, needKey } from '../console/need.js';
import { POD } from '../kinds/resource-type.js';
import type { Clock } from '../lib/clock.js';
import { countText } from '../lib/count-text.js';
import { parseTime } from '../lib/instant.js';
import type { Rng } from '../lib/rng.js';
import { followPastActs } from './audit-reader.js';
import { keepPresence } from './presence.js';
import type { Works } from './works.js';

export interface Needs {
  /** Starts what is new in the list and stops what is no longer in it. */
  sync(needs: readonly Need[]): void;
  /** Resolves when what was written for them is taken away. */
  stop(): Promise<void>;
}

export type NeedsOptions = {
  readonly cluster: () => Cluster | undefined;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly works: Works;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Who is at this console: "ana@jump-2". */
  who(): string;
  post(message: Msg): void;
};

/** Lines of a log that are there already; those of all containers are merged by time, as many as the screen keeps (MOST_LOG_LINES). */
const TAIL_LINES = 200;

/** Lines come in bursts; the screen takes them together. */
const LOG_FLUSH_MS = 100;

/** Lines that wait for the screen: more than it keeps need not be kept. */
const MOST_WAITING_LINES = 2000;

/** A log that ends (the container was restarted) is asked for again after this. */
const LOG_RETRY_MS = 2000;

type Stop = () => void | Promise<void>;

function watchObjects(need: Need & { readonly type: 'objects' }, cluster: Cluster, { clock, rng, works, post }: NeedsOptions): Stop {
  const cache = createCache();
  const key = needKey(need);
  let announced = false;
  let problem: string | undefined;
  let stopped = false;
  const announce = (): void => {
    if (announced || stopped) return;
    announced = true;
    setImmediate(() => {
      announced = false;
      if (!stopped)
        post({
          type: 'extra',
          key,
          extra: { cluster: need.cluster, resource: need.resource, namespace: need.namespace, objects: cache.list(need.resource), problem },
        });
    });
  };
  cache.listen(announce);
  const work = works.start(`reading ${need.resource.plural}${need.namespace === '' ? '' : ` of ${need.namespace}`}`, false);
  work.signal.addEventListener('abort', () => {
    reflector.stop();
    work.end();
    problem = 'reading was stopped by hand';
    announce();
  });
  const reflector = startReflector({
    cluster,
    type: need.resource,
    cache,
    clock,
    rng,
    ...(need.namespace === '' ? {} : { namespace: need.namespace }),
    onStatus: ({ error, state, read }) => {
      if (state === 'listing' && read > 0) work.tell(`${countText(read)} objects`);
      else if (state !== 'empty' && state !== 'listing') work.end();
      if (error?.message === problem) return;
      problem = error?.message;
      announce();
    },
  });
  return () => {
    stopped = true;
    work.end();
    reflector.stop();
  };
}

/** The time that the server has put before the line. */
const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (.*)$/s;

function readLine(whole: string): LogText {
  const [, stamp, text] = STAMPED.exec(whole) ?? [];
  const at = parseTime(stamp);
  return at === undefined || text === undefined ? { text: whole } : { text, at };
}

function followLog(need: Need & { readonly type: 'log' }, cluster: Cluster, { clock, works, post }: NeedsOptions): Stop {
  const { namespace, pod, container } = need;
  const stopping = new AbortController();
  const { signal } = stopping;
  let backlog: LogText[] = [];
  let waiting: LogText[] = [];
  let armed = false;
  const flush = (): void => {
    armed = false;
    if (signal.aborted) return;
    if (backlog.length > 0) post({ type: 'log-lines', pod, container, lines: backlog, backlog: true });
    if (waiting.length > 0) post({ type: 'log-lines', pod, container, lines: waiting });
    backlog = [];
    waiting = [];
  };
  // By the server's clock, as the lines are.
  const openedAt = clock.now() + (cluster.skewMs?.() ?? 0);
  const take = (text: string): void => {
    const line = readLine(text);
    const lines = line.at !== undefined && line.at <= openedAt ? backlog : waiting;
    lines.push(line);
    if (lines.length > MOST_WAITING_LINES) lines.shift();
    if (armed) return;
    armed = true;
    clock.after(LOG_FLUSH_MS, flush);
  };
  const work = works.start(`asking for the log of ${pod} ${container}`, false);
  work.signal.addEventListener('abort', () => {
    work.end();
    take('(asking for this log was stopped by hand)');
    flush();
    stopping.abort();
  });
  const onOpen = (): void => work.end();
  const follow = async (tailLines: number): Promise<void> => {
    for await (const line of cluster.logs({ type: POD, namespace, name: pod }, { container, follow: true, tailLines, timestamps: true, onOpen }, signal))
      take(line);
    if (!signal.aborted) clock.after(LOG_RETRY_MS, () => void (signal.aborted || follow(0)));
  };
  void follow(TAIL_LINES);
  return () => {
    work.end();
    stopping.abort();
  };
}

function start(need: Need, cluster: Cluster, options: NeedsOptions): Stop {
  switch (need.type) {
    case 'objects':
      return watchObjects(need, cluster, options);
    case 'log':
      return followLog(need, cluster, options);
    case 'audit':
      return followPastActs(need, options.environment, options.clock, (acts) => options.post({ type: 'past-acts', key: needKey(need), acts }));
    case 'presence':
      return keepPresence(need, cluster, { ...options, onOthers: (others) => options.post({ type: 'presence', uid: need.uid, others }) });
  }
}

export function createNeeds(options: NeedsOptions): Needs {
  const running = new Map<string, Stop>();
  return {
    sync(needs) {
      const cluster = options.cluster();
      if (cluster === undefined) return;
      const wanted = new Map(needs.map((need) => [needKey(need), need]));
      for (const [key, stop] of running) {
        if (wanted.has(key)) continue;
        void stop();
        running.delete(key);
      }
      for (const [key, need] of wanted) {
        if (running.has(key)) continue;
        running.set(key, start(need, cluster, options));
      }
    },
    async stop() {
      const stops = [...running.values()];
      running.clear();
      await Promise.all(stops.map(async (stop) => stop()));
    },
  };
}
