// Performs what the console asks for. Changes go out in order and stop at the first failure; every one is answered, and
// every one is recorded.

import path from 'node:path';
import type { Cluster, ClusterError } from '../cluster/cluster.js';
import { performChange } from '../cluster/perform.js';
import type { Effect } from '../console/effect.js';
import type { LogSource } from '../console/need.js';
import type { ApplyFailure, Msg } from '../console/message.js';
import type { OwnRun } from '../console/own/run.js';
import { nameOf, readKey } from '../console/rollout-key.js';
import type { Change } from '../kinds/change.js';
import { CONSOLE_MANAGER } from '../kinds/field-managers.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { Clock } from '../lib/clock.js';
import { formatTime } from '../lib/instant.js';
import { err, ok, type Result } from '../lib/result.js';
import type { Audit } from './audit.js';
import { changeFavourite } from './favourites.js';
import { keepNamespace } from './recent-namespaces.js';
import { copyText } from './clipboard.js';
import { osc9 } from './notification.js';
import { writeOwned } from './owned-file.js';
import { stateFolder } from './user-folders.js';
import type { Works } from './works.js';

/** An answer that does not come is a failure that the person must see; the change may still have been made. */
const LONGEST_ANSWER_MS = 10_000;

const failureOf = (error: ClusterError): ApplyFailure => ({ reason: error.code === 0 ? 'Unreachable' : error.reason, message: error.message });

async function applyAll(cluster: Cluster, changes: readonly Change[], signal: AbortSignal): Promise<Result<undefined, ApplyFailure>> {
  for (const change of changes) {
    const answer = await performChange(cluster, change, CONSOLE_MANAGER, signal);
    if (!answer.ok) return err(failureOf(answer.error));
  }
  return ok(undefined);
}

export type EffectsOptions = {
  cluster(context: string): Cluster | undefined;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly audit: Audit;
  readonly works: Works;
  /** Reads everything anew. */
  refresh(): void;
  post(message: Msg): void;
  /** Writes to the terminal past the frames: a clipboard is no part of a picture. */
  writeRaw(sequence: string): void;
  /** Gives the terminal up, runs, and takes it back. */
  withTerminal<T>(run: () => Promise<T>): Promise<T>;
  openCluster(context: string): Promise<string | undefined>;
  closeCluster(context: string): Promise<void>;
  /** Tries again at once whatever waits there after a failure. */
  hurry(context: string): void;
  quit(lines: readonly string[]): void;
};

function say({ post, clock }: EffectsOptions, level: 'good' | 'attention', text: string): void {
  post({ type: 'notice', level, text, now: clock.now() });
}

async function apply(options: EffectsOptions, effect: Effect & { readonly type: 'apply' }): Promise<void> {
  const { clock, audit, works } = options;
  const cluster = options.cluster(effect.about.context);
  const work = works.start(`waiting for the answer to ${effect.about.words.split(':')[0] ?? ''}`, true);
  let answered = false;
  const answer = (result: Result<undefined, ApplyFailure>): void => {
    if (answered) return;
    answered = true;
    cancel();
    work.end();
    const { about, changes, askedAt } = effect;
    const outcome = result.ok ? 'taken' : result.error.reason === 'Timeout' || result.error.reason === 'Cancelled' ? 'no answer' : 'refused';
    audit.record({ about, at: askedAt, outcome, text: result.ok ? '' : `${result.error.reason}: ${result.error.message}`, changes });
    options.post({ type: 'applied', id: effect.id, result, now: clock.now() });
  };
  const cancel = clock.after(LONGEST_ANSWER_MS, () =>
    answer(err({ reason: 'Timeout', message: `the API server has not answered for ${LONGEST_ANSWER_MS / 1000} s; the change may or may not have been made` })),
  );
  work.signal.addEventListener('abort', () => answer(err({ reason: 'Cancelled', message: 'you stopped waiting; the change may or may not have been made' })));
  answer(cluster === undefined ? err({ reason: 'Unreachable', message: 'there is no connection yet' }) : await applyAll(cluster, effect.changes, work.signal));
}

async function askRights({ cluster, post, clock }: EffectsOptions, context: string, namespace: string): Promise<void> {
  const asked = cluster(context);
  if (asked === undefined) return;
  const { deniedRights } = await import('./rights.js');
  post({ type: 'rights', cluster: context, namespace, denied: await deniedRights(asked, namespace), now: clock.now() });
}

async function edit(options: EffectsOptions, key: string, object: KubeObject): Promise<void> {
  const cluster = options.cluster(readKey(key).cluster);
  if (cluster === undefined) return;
  const { editObject } = await import('./edit.js');
  const result = await options.withTerminal(() => editObject(cluster, object, options.environment));
  options.post({ type: 'edited', key, result, now: options.clock.now() });
}

async function open({ openCluster, post, clock }: EffectsOptions, context: string): Promise<void> {
  const reason = await openCluster(context);
  if (reason !== undefined) post({ type: 'cluster-refused', context, reason, now: clock.now() });
}

/** A plugin that asks gets the terminal; one that does not runs beside the screen. */
async function logIn(options: EffectsOptions, context: string): Promise<void> {
  const entrance = options.cluster(context)?.entrance;
  if (entrance === undefined) {
    say(options, 'attention', `${context} asks for no log-in.`);
    return;
  }
  if (!entrance.asks) say(options, 'good', `${context}: logging in …`);
  const again = (): Promise<Result<undefined, string>> => {
    if (entrance.asks) process.stderr.write(`Logging in to ${context} (Ctrl-C gives up):\n`);
    return entrance.again(entrance.asks);
  };
  const result = await (entrance.asks ? options.withTerminal(again) : again());
  options.hurry(context);
  say(options, result.ok ? 'good' : 'attention', result.ok ? `${context}: the credentials are new; asking the server.` : `${context}: ${result.error}`);
}

async function copy(options: EffectsOptions, text: string, what: string): Promise<void> {
  say(options, 'good', `${await copyText(text, what, options.environment, options.writeRaw)}.`);
}

async function save(options: EffectsOptions, { file, what, text }: Effect & { readonly type: 'save' }): Promise<void> {
  const { environment, clock } = options;
  const place = path.join(stateFolder(environment), 'snapshots', `${file}-${formatTime(clock.now()).replaceAll(':', '')}.md`);
  try {
    await writeOwned(place, text);
  } catch (error) {
    say(options, 'attention', `${what} could not be written: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  const copied = await copyText(text, 'it', environment, options.writeRaw);
  say(options, 'good', `${what} is in ${place}; ${copied.split(';')[0] ?? ''}.`);
}

/** What goes on beside the screen is told as it comes, and stopped by Esc. */
async function run(options: EffectsOptions, id: number, ordered: OwnRun): Promise<void> {
  const { clock, environment, post, works } = options;
  const { runBeside, runWithTerminal } = await import('./run-own.js');
  const work = ordered.background ? works.start(`running ${ordered.name}`, false) : undefined;
  const end =
    work === undefined
      ? await options.withTerminal(() => runWithTerminal(ordered, environment))
      : await runBeside(ordered, environment, clock, work.signal, (texts) => post({ type: 'own-output', id, texts }));
  work?.end();
  post({ type: 'own-ended', id, end, now: clock.now() });
}

async function keepFavourite(options: EffectsOptions, key: string, favourite: boolean): Promise<void> {
  const kept = await changeFavourite(options.environment, key, favourite);
  if (!kept.ok) say(options, 'attention', kept.error);
}

async function keepRecent(options: EffectsOptions, contexts: readonly string[], namespace: string): Promise<void> {
  const kept = await keepNamespace(options.environment, contexts, namespace);
  if (!kept.ok) say(options, 'attention', kept.error);
}

async function download(options: EffectsOptions, key: string, sources: readonly LogSource[]): Promise<void> {
  const { environment, clock, works } = options;
  const cluster = options.cluster(readKey(key).cluster);
  if (cluster === undefined) return;
  const folder = path.join(stateFolder(environment), 'logs', `${nameOf(key).replaceAll('/', '-')}-${formatTime(clock.now()).replaceAll(':', '')}`);
  const work = works.start(`downloading the logs of ${nameOf(key)}`, true);
  const { downloadLogs } = await import('./download.js');
  const result = await downloadLogs(cluster, sources, folder, work);
  work.end();
  if (result.ok) say(options, 'good', `${result.value}.`);
  else say(options, 'attention', `The download: ${result.error}.`);
}

export function createEffects(options: EffectsOptions): (effect: Effect) => void {
  const { clock } = options;
  return (effect) => {
    switch (effect.type) {
      case 'apply':
        void apply(options, effect);
        return;
      case 'record':
        options.audit.record({ about: effect.about, at: clock.now(), outcome: effect.outcome, text: effect.text });
        return;
      case 'wake':
        clock.after(effect.at - clock.now(), () => options.post({ type: 'tick', now: clock.now() }));
        return;
      case 'ask-rights':
        void askRights(options, effect.cluster, effect.namespace);
        return;
      case 'edit':
        void edit(options, effect.key, effect.object);
        return;
      case 'copy':
        void copy(options, effect.text, effect.what);
        return;
      case 'keep-namespace':
        void keepRecent(options, effect.contexts, effect.namespace);
        return;
      case 'keep-favourite':
        void keepFavourite(options, effect.key, effect.favourite);
        return;
      case 'notify':
        options.writeRaw(osc9(effect.text, options.environment));
        return;
      case 'save':
        void save(options, effect);
        return;
      case 'run':
        void run(options, effect.id, effect.run);
        return;
      case 'cancel':
        options.works.cancel(effect.id);
        return;
      case 'refresh':
        options.refresh();
        return;
      case 'download':
        void download(options, effect.key, effect.sources);
        return;
      case 'open-cluster':
        void open(options, effect.context);
        return;
      case 'close-cluster':
        void options.closeCluster(effect.context);
        return;
      case 'log-in':
        void logIn(options, effect.context);
        return;
      case 'quit':
        options.quit(effect.lines);
    }
  };
}
