// A quoted text may go on over lines, and where they begin is no part of it. Go's reader, and so kubectl, takes them wherever they stand
// (Istio's own definitions have them left of their key); this program's parser wants them right of it.

import type { Document } from 'yaml';

const UNCLOSED = 'MISSING_CHAR';

/** The same text with the further lines of quoted texts moved to the right, where that is all that a document lacks; undefined if none is. */
export function withQuotesIndented(text: string, documents: readonly Document.Parsed[]): string | undefined {
  let mended = text;
  // From the last to the first: what is moved changes the places behind it.
  for (const { errors } of documents.toReversed()) {
    const first = errors.find(({ code }) => code === UNCLOSED);
    if (first !== undefined) mended = indentFrom(mended, first.pos[0]);
  }
  return mended === text ? undefined : mended;
}

/** `end` is where the parser lost the quoted text: at the end of one of its lines. */
function indentFrom(text: string, end: number): string {
  const lineStart = text.lastIndexOf('\n', end - 1) + 1;
  const opening = openQuote(text.slice(lineStart, end));
  if (opening === undefined) return text;
  const closing = closingAfter(text, lineStart + opening, text[lineStart + opening] ?? '');
  if (closing === undefined) return text;
  const within = text.slice(end, closing);
  if (/^(?:---|\.\.\.)/m.test(within)) return text;
  return text.slice(0, end) + within.replaceAll(/\n[ \t]*(?=[^\s])/g, `\n${' '.repeat(opening + 1)}`) + text.slice(closing);
}

/** The place in the line of a quote that begins a value and is not closed there. */
function openQuote(line: string): number | undefined {
  for (const { index, 0: found } of line.matchAll(/(?:^|[:\-?,[{])\s+["']/g)) {
    const place = index + found.length - 1;
    if (closingAfter(line, place, line[place] ?? '') === undefined) return place;
  }
  return undefined;
}

function closingAfter(text: string, opening: number, quote: string): number | undefined {
  for (let place = opening + 1; place < text.length; place += 1) {
    if (quote === '"' && text[place] === '\\') place += 1;
    else if (quote === "'" && text.startsWith("''", place)) place += 1;
    else if (text[place] === quote) return place;
  }
  return undefined;
}
