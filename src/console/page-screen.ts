// The contract of a screen that stands over the others: one file in screens/, one row in screens/pages.ts.

import type { RiskyActionId } from './actions.js';
import type { StyledLine } from './frame.js';
import type { Model } from './model.js';
import type { Need } from './need.js';
import type { Page, PageId, PageTarget } from './page.js';

export type PageLine = {
  /** Stable while the thing is there: the cursor stays on it. */
  readonly id: string;
  /** Stays at the left end when the line is moved. */
  readonly lead?: StyledLine;
  /** As wide as it likes; the view moves and cuts it. */
  readonly line: StyledLine;
  /** All that filters look in; absent: the line. */
  text?(): string;
  /** For filters by label. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What enter opens. */
  readonly link?: PageTarget;
  /** What enter copies instead. */
  readonly copies?: { readonly text: string; readonly what: string };
};

export type PageContents = {
  /** "Events of shop/cart" */
  readonly title: string;
  /** At the right end of the rule. */
  readonly note?: string;
  /** What the key for opening does to the line under the cursor, where that is not plain: it stands beside the note. */
  readonly opens?: string;
  /** Heads of columns. */
  readonly head?: StyledLine;
  /** In the order asked for, before the filter. */
  readonly lines: readonly PageLine[];
  /** Said when there are no lines. */
  readonly empty: string;
};

/**
 * `table`: lines with a cursor, narrowed by the filter, opened by enter. `text`: scrolled; the filter is a search that marks and jumps.
 * `stream`: scrolled and narrowed; stays at its end as lines come in.
 */
export type PageForm = 'table' | 'text' | 'stream';

export type PageScreen = {
  readonly id: PageId;
  /** In breadcrumbs. */
  readonly word: string;
  readonly form: PageForm;
  /** Kinds that it can be about beside the rollout; absent: any. */
  readonly about?: readonly string[];
  /** Columns that keys can sort by, in their order; the first is the screen's own order. */
  readonly sorts?: readonly string[];
  /** Acts that are for the line under the cursor: the bottom line names their keys. */
  readonly acts?: readonly RiskyActionId[];
  contents(model: Model, page: Page): PageContents;
  /** What it needs beyond the usual watches, read while it is open. */
  needs?(model: Model, page: Page): readonly Need[];
};
