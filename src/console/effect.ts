// What the console asks the app to do, as data: tests compare it, only app/effects performs it.

import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { Instant } from '../lib/instant.js';
import type { LogSource } from './need.js';
import type { OwnRun } from './own/run.js';

/** For whom and why a change is made: for the audit log and for the words of a failure. */
export type About = {
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Id of the action (actions.ts), such as `rollout.promote`. */
  readonly action: string;
  /** "promote a-team/silly-demo: step 3 to 4, 20 % to 40 %" */
  readonly words: string;
  /** What the person saw when it was asked: "Paused, step 3 of 9: pause for a person; canary asked 20 %, real 20 %". */
  readonly saw: string;
  /** The rollout's revision when it was asked: an abort is of that release, a new image began the one behind it. */
  readonly revision?: string;
  /** "" where none was asked for. */
  readonly reason: string;
  /** Whether an Event is to be recorded on the rollout, besides the local audit log. */
  readonly event: boolean;
};

export type Effect =
  /**
   * Perform the changes in order, stop at the first failure, and answer with one `{type:'applied', id, result}`.
   * They carry their own guards (JSON-patch tests of uid and step): send them as they are, never again by yourself.
   */
  | { readonly type: 'apply'; readonly id: number; readonly changes: readonly Change[]; readonly about: About; readonly askedAt: Instant }
  /** What came of a change, for the audit log: seen, without effect, taken back, stopped. */
  | { readonly type: 'record'; readonly about: About; readonly outcome: string; readonly text: string }
  /** Answer with a tick at that time. */
  | { readonly type: 'wake'; readonly at: Instant }
  /** Ask the server what this person may do there, and answer with `rights`. */
  | { readonly type: 'ask-rights'; readonly cluster: string; readonly namespace: string }
  /** Open the object in the person's editor, and answer with `edited`. */
  | { readonly type: 'edit'; readonly key: string; readonly object: KubeObject }
  /** Put the text on the clipboard, and say how. */
  | { readonly type: 'copy'; readonly text: string; readonly what: string }
  /** Remember for the next start whether this rollout is a favourite. */
  | { readonly type: 'keep-namespace'; readonly contexts: readonly string[]; readonly namespace: string }
  | { readonly type: 'keep-favourite'; readonly key: string; readonly favourite: boolean }
  /** Tell the person's desktop, past the screen. */
  | { readonly type: 'notify'; readonly text: string }
  /** Write the text to a file of that name and the time, and copy it. `what`: "The snapshot of shop/cart (:handover writes of all)". */
  | { readonly type: 'save'; readonly file: string; readonly what: string; readonly text: string }
  /** Stop the piece of work with this number. */
  | { readonly type: 'cancel'; readonly id: number }
  /** Run a command of the person's own; tell what it writes beside the screen with `own-output`, and its end with `own-ended`. */
  | { readonly type: 'run'; readonly id: number; readonly run: OwnRun }
  /** Read everything anew. */
  | { readonly type: 'refresh' }
  /** Write whole logs to files, and say where. */
  | { readonly type: 'download'; readonly key: string; readonly sources: readonly LogSource[] }
  /** Watch one more cluster; answer with `cluster-refused` if that can not be. */
  | { readonly type: 'open-cluster'; readonly context: string }
  /** Leave it: an engine that drives it from here gives its Lease back. */
  | { readonly type: 'close-cluster'; readonly context: string }
  /** Get credentials anew: run the log-in plugin of the kubeconfig, or read it again; then try at once. */
  | { readonly type: 'log-in'; readonly context: string }
  /** Give the terminal back and end the program. */
  /** `lines` are told when the terminal has been given back. */
  | { readonly type: 'quit'; readonly lines: readonly string[] };
