// All that the console remembers. Screens are drawn from this and nothing else; only `update` makes a new one.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { Snapshot } from '../kinds/snapshot.js';
import type { Instant } from '../lib/instant.js';
import { remember } from '../lib/remember.js';
import type { Context, RiskyActionId } from './actions.js';
import { type Board, EMPTY_OVERVIEW, type Overview } from './board.js';
import type { Drifts } from './drift.js';
import type { About } from './effect.js';
import type { Fingerprint } from './fingerprint.js';
import type { Size } from './frame.js';
import type { Glyphs } from './glyphs.js';
import type { Keymap } from './keymap.js';
import type { NoticeLevel } from './message.js';
import { EMPTY_LOG, type Extra, type Log, needKey } from './need.js';
import type { OwnRunState } from './own/history.js';
import { NO_OWN, type Own } from './own/own.js';
import type { Page, Sort } from './page.js';
import type { Inputs } from './acts/act.js';
import { type GoneOut, type Order, type Outgoing, type Question, takesText, type Target } from './question.js';
import type { RolloutFacts } from './facts.js';
import type { Rollback } from './rollback.js';
import { nameOf, readKey } from './rollout-key.js';
import { NO_SETTINGS, resolveSettings, type Settings, type SettingsLayers } from './settings/resolve.js';
import type { Folds } from './tree.js';
import type { PastAct } from './past-acts.js';
import type { Work } from './work.js';

export type ListState = {
  readonly filter: string;
  /** Keys go into the filter. */
  readonly typing: boolean;
  /** Only these are listed; undefined: all. */
  readonly namespace: string | undefined;
  readonly context: string | undefined;
  /** Undefined: by attention. */
  readonly sort: Sort | undefined;
  /** Keys of the rollouts that the person has marked, for acts on several. */
  readonly marks: ReadonlySet<string>;
  /** Keys of the person's favourites: first in the list. */
  readonly favourites: ReadonlySet<string>;
  /** The rollout under the cursor, and in which of the two lists; `place` finds a neighbour when it is gone. */
  readonly cursor: { readonly section: 'waiting' | 'all'; readonly key: string | undefined; readonly place: number };
  /** The first line shown of each list. */
  readonly waitingTop: number;
  readonly allTop: number;
};

/** One row of so many may tell of the clusters. */
const CLUSTER_SHARE = 8;

export const SECTIONS = ['revisions', 'steps', 'metrics'] as const;

export type Section = (typeof SECTIONS)[number];

export type DetailState = {
  /** The rollout that is open. */
  readonly key: string;
  readonly section: Section;
  /** Id of the row under the cursor, and its place for when it is gone. */
  readonly row: { readonly id: string | undefined; readonly place: number };
  readonly treeTop: number;
  readonly folds: Folds;
  /** The first step shown; undefined follows the current one. */
  readonly stepTop: number | undefined;
  /** Which metric is charted. */
  readonly metric: number;
};

export type HelpState = { readonly top: number; readonly filter: string; readonly typing: boolean };

/** A line in which the person names what to do. */
export type Prompt = {
  readonly type: 'palette' | 'command';
  readonly text: string;
  /** Which of the entries or completions is chosen. */
  readonly place: number;
};

/** A change that was sent and whose effect is not seen yet. */
export type Pending = {
  readonly id: number;
  readonly action: RiskyActionId;
  readonly key: string;
  readonly saw: Fingerprint;
  readonly inputs: Inputs;
  readonly about: About;
  /** Marked rollouts that come after this one, and how many there are in all. */
  readonly rest: readonly Target[];
  readonly order: Order;
  /** Writes that it takes: with more than one, a refusal may come after the first was made. */
  readonly writes: number;
  /** "promote a-team/silly-demo" */
  readonly words: string;
  readonly sentAt: Instant;
  /** The server has taken it. */
  readonly taken: boolean;
  /** It was told that nothing has come of it for long. */
  readonly overdue: boolean;
};

/** What was asked for from here, for the log of commands. */
export type LogEntry = { readonly id: number; readonly at: Instant; readonly words: string; readonly lines: readonly string[]; readonly outcome: string };

/** What the server says that this person may not do in a namespace; `asked` while the answer is on its way. */
export type RightsAnswer = { readonly denied: readonly string[]; readonly askedAt: Instant; readonly known: boolean };

export type Notice = {
  readonly level: NoticeLevel;
  readonly text: string;
  readonly since: Instant;
  /** A key has done something else before it could be read: it goes as soon as it could. */
  readonly overtaken?: true;
};

/** A context of the kubeconfig. */
export type ContextInfo = { readonly name: string; readonly server: string; readonly namespace: string; readonly user: string };

/** One cluster as it was last seen. */
export type Watched = { readonly snapshot: Snapshot; readonly board: Board; readonly drifts: Drifts };

export type Model = {
  readonly now: Instant;
  readonly size: Size;
  readonly utcOffsetMinutes: number;
  /** Of the zone that this terminal is in. */
  readonly localOffsetMinutes: number;
  readonly keymap: Keymap;
  readonly glyphs: Glyphs;
  readonly settings: SettingsLayers;
  /** Commands and hotkeys of the person's own. */
  readonly own: Own;
  /** Those of them that were run, the newest last. */
  readonly ownRuns: readonly OwnRunState[];
  /** The kubeconfig of this session, as $KUBECONFIG names it; "" where there is none. */
  readonly kubeconfig: string;
  /** Lines under help that only the app knows: how to reach the cluster from another terminal. */
  readonly hints: readonly string[];
  /** By the name of the context, in the order in which they were opened; empty while nothing has been heard of any. */
  readonly clusters: ReadonlyMap<string, Watched>;
  readonly board: Overview;
  /** All that the kubeconfig has; empty where there is none, or before it was read. */
  readonly contexts: readonly ContextInfo[];
  readonly screen: 'rollouts' | 'rollout';
  readonly list: ListState;
  readonly detail: DetailState | undefined;
  /** Screens over that one, each opened from the one below; Esc takes the last away. */
  readonly stack: readonly Page[];
  readonly question: Question | undefined;
  readonly help: HelpState | undefined;
  readonly prompt: Prompt | undefined;
  readonly notice: Notice | undefined;
  readonly pending: readonly Pending[];
  /** What the app has under way for longer than a moment, the newest last. */
  readonly works: readonly Work[];
  /** Promotions that can still be taken back. */
  readonly outgoing: readonly Outgoing[];
  readonly goneOut: GoneOut | undefined;
  /** When the key that ends the program was pressed, and told what would be lost. */
  readonly leaveAskedAt: Instant | undefined;
  /** When that key last closed something else. */
  readonly closedAt: Instant | undefined;
  readonly rollbacks: readonly Rollback[];
  /** By place (placeKey). */
  readonly rights: ReadonlyMap<string, RightsAnswer>;
  /** The newest last. */
  readonly commandLog: readonly LogEntry[];
  readonly logOpen: { readonly top: number } | undefined;
  /** Who acts, for what others read ("ana@jump-2"); a cluster may know them by a name of its own. */
  readonly who: string;
  /** `--as`, `--server` and the like as they were given: commands that are copied have them too. Never a token. */
  readonly asFlags: readonly string[];
  readonly whoIn: ReadonlyMap<string, string>;
  readonly nextId: number;
  readonly bells: number;
  /** What came of the needs of the screens that are open, by needKey. */
  readonly extras: ReadonlyMap<string, Extra>;
  readonly log: Log;
  /** Namespaces that the list was narrowed to lately, by context. */
  readonly recentNamespaces: ReadonlyMap<string, readonly string[]>;
  /** What the local audit log says, for the rollout whose history is open. */
  readonly pastActs: { readonly key: string; readonly acts: readonly PastAct[] } | undefined;
  /** Who else has the rollout open that is open here; undefined while nobody has told. */
  readonly presence: { readonly uid: string; readonly others: readonly string[] } | undefined;
};

export type ModelOptions = {
  readonly now: Instant;
  readonly size: Size;
  /** East of Greenwich is positive. */
  readonly utcOffsetMinutes: number;
  /** Absent: the same. */
  readonly localOffsetMinutes?: number;
  readonly keymap: Keymap;
  readonly glyphs: Glyphs;
  readonly hints?: readonly string[];
  readonly settings?: SettingsLayers;
  readonly own?: Own;
  readonly kubeconfig?: string;
  readonly who?: string;
  readonly asFlags?: readonly string[];
};

export function createModel(options: ModelOptions): Model {
  return {
    ...options,
    localOffsetMinutes: options.localOffsetMinutes ?? options.utcOffsetMinutes,
    hints: options.hints ?? [],
    settings: options.settings ?? NO_SETTINGS,
    own: options.own ?? NO_OWN,
    ownRuns: [],
    kubeconfig: options.kubeconfig ?? '',
    clusters: new Map(),
    board: EMPTY_OVERVIEW,
    contexts: [],
    screen: 'rollouts',
    list: {
      filter: '',
      typing: false,
      namespace: undefined,
      context: undefined,
      sort: undefined,
      marks: new Set(),
      favourites: new Set(),
      cursor: { section: 'waiting', key: undefined, place: 0 },
      waitingTop: 0,
      allTop: 0,
    },
    detail: undefined,
    stack: [],
    question: undefined,
    help: undefined,
    prompt: undefined,
    notice: undefined,
    pending: [],
    works: [],
    outgoing: [],
    goneOut: undefined,
    rollbacks: [],
    leaveAskedAt: undefined,
    closedAt: undefined,
    rights: new Map(),
    commandLog: [],
    logOpen: undefined,
    who: options.who ?? 'somebody',
    asFlags: options.asFlags ?? [],
    whoIn: new Map(),
    nextId: 1,
    bells: 0,
    extras: new Map(),
    log: EMPTY_LOG,
    recentNamespaces: new Map(),
    pastActs: undefined,
    presence: undefined,
  };
}

export function openDetail(key: string): DetailState {
  return { key, section: 'revisions', row: { id: undefined, place: 0 }, treeTop: 0, folds: new Map(), stepTop: undefined, metric: 0 };
}

/** Who gets the next key. */
export function contextOf(model: Model): Context {
  if (model.question !== undefined) return takesText(model.question) ? 'fields' : 'question';
  if (model.logOpen !== undefined) return 'log';
  if (model.help !== undefined) return model.help.typing ? 'filter' : 'help';
  if (model.prompt !== undefined) return 'prompt';
  const page = topPage(model);
  if (page !== undefined) return page.typing ? 'filter' : 'page';
  return model.screen === 'rollouts' && model.list.typing ? 'filter' : model.screen;
}

/** The screen that lies over the list or the rollout, if any. */
export function topPage(model: Model): Page | undefined {
  return model.stack.at(-1);
}

/** What the keys mean when nothing lies over the screen: for help. */
export function screenContext(model: Model): 'rollouts' | 'rollout' | 'page' {
  return topPage(model) === undefined ? model.screen : 'page';
}

/** By cluster and namespace: each key of the footer asks, with every frame. */
const resolved = remember((layers: SettingsLayers) => {
  const known = new Map<string, Settings>();
  return (cluster: string, namespace: string | undefined): Settings => {
    const key = JSON.stringify([cluster, namespace]);
    const settings = known.get(key) ?? resolveSettings(layers, cluster, namespace).settings;
    known.set(key, settings);
    return settings;
  };
});

/** What holds for the context, and for a namespace in it. */
export const settingsFor = (model: Model, cluster: string, namespace?: string): Settings => resolved(model.settings)(cluster, namespace);

/** The mistake in the settings because of which nothing is written there; undefined where it may be, or where another setting says so. */
export function mistakeAt({ settings }: Model, cluster: string): string | undefined {
  const { mistake } = settings;
  return mistake !== undefined && resolveSettings(settings, cluster).origins.readOnly.type === 'mistake' ? mistake : undefined;
}

/** The cluster that the whole screen is about: that of the rollout that is open, or the only one. Undefined on a list of several. */
export function focusOf(model: Model): string | undefined {
  const key = topPage(model)?.key ?? (model.screen === 'rollout' ? model.detail?.key : undefined);
  if (key !== undefined && key !== '') return readKey(key).cluster;
  if (model.list.context !== undefined) return model.list.context;
  return model.clusters.size === 1 ? [...model.clusters.keys()][0] : undefined;
}

export function snapshotOf(model: Pick<Model, 'clusters'>, cluster: string | undefined): Snapshot | undefined {
  return cluster === undefined ? undefined : model.clusters.get(cluster)?.snapshot;
}

/** A rollout in a sentence: "shop/cart", with its cluster where there are several. */
export function labelOf({ clusters }: Pick<Model, 'clusters'>, key: string): string {
  return clusters.size > 1 ? `${nameOf(key)} on ${readKey(key).cluster}` : nameOf(key);
}

export const driftOf = (model: Pick<Model, 'clusters'>, { cluster, key }: Pick<RolloutFacts, 'cluster' | 'key'>): Instant | undefined =>
  model.clusters.get(cluster)?.drifts.get(key);

export const whoOf = (model: Model, cluster: string): string => model.whoIn.get(cluster) ?? model.who;

/** A namespace among all clusters. */
export const placeKey = (cluster: string, namespace: string): string => `${cluster} ${namespace}`;

/** Who else has this rollout open, as far as they say. */
export const othersAt = ({ presence }: Model, { uid }: Pick<RolloutFacts, 'uid'>): readonly string[] => (presence?.uid === uid ? presence.others : []);

/** Rows under the header that say since when and why the data is old, or how each of several clusters is. */
export function rowsAbove(model: Model): number {
  const focus = focusOf(model);
  if (focus === undefined) return clusterRows(model);
  return snapshotOf(model, focus)?.connection.type === 'lost' ? 1 : 0;
}

/** Lines that tell how each of several clusters is; on a list of one there are none. */
export function clusterRows(model: Model): number {
  if (model.clusters.size < 2 || focusOf(model) !== undefined || model.stack.length > 0) return 0;
  return Math.min(model.clusters.size, Math.max(1, Math.floor(model.size.rows / CLUSTER_SHARE)));
}

/** True when what is shown is what is: only then may it be changed. */
export function isFresh(model: Model, cluster: string): boolean {
  return snapshotOf(model, cluster)?.connection.type === 'live';
}

/** Objects that only a screen needs; empty while they have not come. */
export function extraObjects(model: Model, cluster: string, resource: ResourceType, namespace: string): readonly KubeObject[] {
  return model.extras.get(needKey({ type: 'objects', cluster, resource, namespace }))?.objects ?? [];
}
