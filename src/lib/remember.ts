// What has been made of an object that never changes, kept for as long as the object is.

/** The function, asked once for each object. */
export function remember<K extends object, V>(make: (of: K) => V): (of: K) => V {
  const made = new WeakMap<K, { readonly value: V }>();
  return (of) => {
    const known = made.get(of);
    if (known !== undefined) return known.value;
    const value = make(of);
    made.set(of, { value });
    return value;
  };
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((item, place) => item === b[place]);

/** The function, asked again only with other arguments than the last time. */
export function rememberLast<A extends readonly unknown[], V>(make: (...words: A) => V): (...words: A) => V {
  let last: { readonly words: A; readonly value: V } | undefined;
  return (...words) => {
    if (last === undefined || !sameItems(last.words, words)) last = { words, value: make(...words) };
    return last.value;
  };
}

/** What was made of each object last, with all else that it was made from: made anew when any of that is another. */
export function rememberWith<V>(): (of: object, parts: readonly unknown[], make: () => V) => V {
  const made = new WeakMap<object, { readonly parts: readonly unknown[]; readonly value: V }>();
  return (of, parts, make) => {
    const known = made.get(of);
    if (known !== undefined && sameItems(known.parts, parts)) return known.value;
    const value = make();
    made.set(of, { parts, value });
    return value;
  };
}
