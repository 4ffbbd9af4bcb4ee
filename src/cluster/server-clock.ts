// How far the server's clock is from this machine's, as its answers tell. Their Date holds whole seconds and was written
// somewhere between question and answer, so each answer leaves a range; many together leave a narrow one.

import type { Instant } from '../lib/instant.js';

/** The server's clock minus this machine's, in milliseconds. */
type Range = { readonly least: number; readonly most: number };

export interface ServerClock {
  /** Takes the Date of one answer. */
  heard(date: string | undefined, sentAt: Instant, receivedAt: Instant): void;
  /** Undefined before an answer has told; 0 while both clocks may be equal. */
  skewMs(): number | undefined;
}

/** The Date is cut to whole seconds. */
const CUT_MS = 1000;

export function createServerClock(): ServerClock {
  let known: Range | undefined;
  return {
    heard(date, sentAt, receivedAt) {
      const told = date === undefined ? Number.NaN : Date.parse(date);
      if (Number.isNaN(told)) return;
      const range = { least: told - receivedAt, most: told + CUT_MS - sentAt };
      const both = known === undefined ? range : { least: Math.max(known.least, range.least), most: Math.min(known.most, range.most) };
      // What fits nothing that was heard before: one of the clocks was set. The newest answer is right.
      known = both.least <= both.most ? both : range;
    },
    skewMs() {
      if (known === undefined) return undefined;
      const { least, most } = known;
      return least <= 0 && most >= 0 ? 0 : Math.round((least + most) / 2);
    },
  };
}
