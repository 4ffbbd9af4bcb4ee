// The language of filters, as k9s has it: words that must occur, `!` before one that must not, `-l a=b` for labels,
// `-f text` for letters that occur in this order.

export type Filtered = { readonly text: string; readonly labels?: Readonly<Record<string, string>> | undefined };

type Matcher = (item: Filtered) => boolean;

const EVERYTHING: Matcher = () => true;

function labelMatcher(selector: string): Matcher {
  const terms = selector.split(/[,\s]+/).filter((term) => term !== '');
  const tests = terms.map((term): Matcher => {
    const [name = '', wanted] = term.replace('==', '=').split('=');
    const unequal = name.endsWith('!');
    const key = name.replace(/!$/, '');
    if (wanted === undefined) return ({ labels }) => (key.startsWith('!') ? labels?.[key.slice(1)] === undefined : labels?.[key] !== undefined);
    return ({ labels }) => (labels?.[key] === wanted) !== unequal;
  });
  return (item) => tests.every((test) => test(item));
}

/** All letters in their order, whatever stands between. */
function fuzzyMatcher(letters: string): Matcher {
  const wanted = letters.replaceAll(/\s/g, '').toLowerCase();
  return ({ text }) => {
    let place = 0;
    for (const character of text.toLowerCase()) if (character === wanted[place]) place += 1;
    return place >= wanted.length;
  };
}

function wordMatcher(words: string): Matcher {
  const terms = words
    .toLowerCase()
    .split(/\s+/)
    .filter((term) => term !== '' && term !== '!');
  return ({ text }) => {
    const lower = text.toLowerCase();
    return terms.every((term) => (term.startsWith('!') ? !lower.includes(term.slice(1)) : lower.includes(term)));
  };
}

/** Never throws: what is half typed matches what it says so far. */
export function createFilter(filter: string): Matcher {
  const trimmed = filter.trim();
  if (trimmed === '') return EVERYTHING;
  if (trimmed.startsWith('-l')) return labelMatcher(trimmed.slice(2));
  if (trimmed.startsWith('-f')) return fuzzyMatcher(trimmed.slice(2));
  return wordMatcher(trimmed);
}
