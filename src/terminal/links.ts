// Hyperlinks (OSC 8) of cells. A link rides in the cell's attribute, above the 32 bits that say how the cell looks: so
// cells that differ in their link alone differ, and whoever reads colours and flags never sees it.

export const LINK_UNIT = 2 ** 32;

/** Links that are remembered; whatever comes then is plain text. */
const MOST_LINKS = 2000;

/** Terminals drop longer ones, or worse. */
const LONGEST_LINK = 2000;

const SAFE = /^https?:\/\/[\x21-\x7e]+$/;

export interface Links {
  /** What is added to a cell's attribute. 0 for what is no link that a terminal may have. */
  markOf(uri: string | undefined): number;
  /** What begins the link of this attribute, or ends the one before. */
  sequenceOf(attribute: number): string;
}

export const NO_LINKS: Links = { markOf: () => 0, sequenceOf: () => '' };

export function createLinks(): Links {
  const numbers = new Map<string, number>();
  const uris: string[] = [];
  return {
    markOf(uri) {
      if (uri === undefined || uri.length > LONGEST_LINK || !SAFE.test(uri)) return 0;
      let number = numbers.get(uri);
      if (number === undefined) {
        if (uris.length >= MOST_LINKS) return 0;
        uris.push(uri);
        number = uris.length;
        numbers.set(uri, number);
      }
      return number * LINK_UNIT;
    },
    sequenceOf: (attribute) => `\u001b]8;;${uris[Math.floor(attribute / LINK_UNIT) - 1] ?? ''}\u001b\\`,
  };
}
