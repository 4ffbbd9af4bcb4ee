// Everything that can happen to the screen. The app posts these, one after the other, to `update`.

import type { Change } from '../kinds/change.js';
import type { Snapshot } from '../kinds/snapshot.js';
import type { Instant } from '../lib/instant.js';
import type { Result } from '../lib/result.js';
import type { Size } from './frame.js';
import type { KeyPress } from './key.js';
import type { Keymap } from './keymap.js';
import type { ContextInfo } from './model.js';
import type { SettingsLayers } from './settings/resolve.js';
import type { Extra, LogText } from './need.js';
import type { OwnEnd } from './own/history.js';
import type { Own } from './own/own.js';
import type { PastAct } from './past-acts.js';
import type { Work } from './work.js';

/** Why a change was not made: the server's own words, and its reason word (Conflict, Invalid, Forbidden, Unreachable …). */
export type ApplyFailure = { readonly reason: string; readonly message: string };

/** What a person made of an object in the editor, as a guarded change. `lines` tell the differences. */
export type Edited = { readonly changes: readonly Change[]; readonly lines: readonly string[] };

export type NoticeLevel = 'info' | 'good' | 'attention' | 'bad';

export type Msg =
  /** Once a second while the program runs: pause clocks and ages move on. */
  | { readonly type: 'tick'; readonly now: Instant }
  | { readonly type: 'key'; readonly key: KeyPress; readonly now: Instant }
  | { readonly type: 'cluster-changed'; readonly snapshot: Snapshot; readonly now: Instant }
  /** The contexts that the kubeconfig has. */
  | { readonly type: 'contexts'; readonly contexts: readonly ContextInfo[] }
  /** The end of the effect `open-cluster` where it can not be done; the reason is a sentence. */
  | { readonly type: 'cluster-refused'; readonly context: string; readonly reason: string; readonly now: Instant }
  | { readonly type: 'resized'; readonly size: Size }
  /** The end of the effect `apply` with this id. */
  | { readonly type: 'applied'; readonly id: number; readonly result: Result<undefined, ApplyFailure>; readonly now: Instant }
  /** A sentence of the app's for the person: a theme file that was refused, a kubeconfig that was written. */
  | { readonly type: 'notice'; readonly level: NoticeLevel; readonly text: string; readonly now: Instant }
  /** Something would have put the process to sleep, and did not. */
  | { readonly type: 'stop-refused'; readonly now: Instant }
  /** What the server says that this person may not do in a namespace: "patch rollouts/status". */
  | { readonly type: 'rights'; readonly cluster: string; readonly namespace: string; readonly denied: readonly string[]; readonly now: Instant }
  /** The end of the effect `edit` of the rollout with this key: the edited object as a change, checked by the server; or why there is none. */
  | { readonly type: 'edited'; readonly key: string; readonly result: Result<Edited, string>; readonly now: Instant }
  /** Who acts there, once the server or the kubeconfig has told. */
  | { readonly type: 'who'; readonly cluster: string; readonly who: string }
  /** The settings or the keymap were read anew. */
  | { readonly type: 'settings-changed'; readonly settings: SettingsLayers; readonly keymap: Keymap; readonly utcOffsetMinutes: number }
  /** Commands and hotkeys of the person's own were read, for the first time or anew. */
  | { readonly type: 'own-changed'; readonly own: Own }
  /** Lines that a command of theirs has written beside the screen. */
  | { readonly type: 'own-output'; readonly id: number; readonly texts: readonly string[] }
  /** The end of the effect `run` with this id. */
  | { readonly type: 'own-ended'; readonly id: number; readonly end: OwnEnd; readonly now: Instant }
  /** What came of a need for objects. */
  | { readonly type: 'extra'; readonly key: string; readonly extra: Extra }
  /** `backlog`: they were there when the log was opened. */
  | { readonly type: 'log-lines'; readonly pod: string; readonly container: string; readonly lines: readonly LogText[]; readonly backlog?: true }
  /** Who else has the rollout open. */
  | { readonly type: 'presence'; readonly uid: string; readonly others: readonly string[] }
  /** What the local audit log says of a rollout, the oldest first; `key` is that of the need. */
  | { readonly type: 'past-acts'; readonly key: string; readonly acts: readonly PastAct[] }
  /** Those that were remembered. */
  | { readonly type: 'favourites'; readonly keys: readonly string[] }
  | { readonly type: 'recent-namespaces'; readonly byContext: ReadonlyMap<string, readonly string[]> }
  /** A piece of work of the app's that takes longer than a moment; undefined once it has ended. */
  | { readonly type: 'work'; readonly id: number; readonly work: Work | undefined; readonly now: Instant }
  /** The lines under help that only the app knows, as soon as it knows more of them. */
  | { readonly type: 'hints'; readonly lines: readonly string[] };
