// Sets of fields in the form in which `managedFields` shows them (FieldsV1): a tree whose edges are "f:spec", "k:{…}", `v:"a"`.
// A node without edges is a member; one with edges is a member only if it holds ".". Never changed in place, so parts are shared.

export type FieldSet = { readonly [element: string]: FieldSet };

/** The set of one member: the node itself. */
export const MEMBER: FieldSet = Object.freeze({});

const DOT = '.';

const isMember = (set: FieldSet): boolean => {
  for (const _key in set) return Object.hasOwn(set, DOT);
  return true;
};

/** A node from its parts; undefined when it says nothing. */
export function makeSet(member: boolean, children: Readonly<Record<string, FieldSet>> | undefined): FieldSet | undefined {
  if (children === undefined || Object.keys(children).length === 0) return member ? MEMBER : undefined;
  return member ? { [DOT]: MEMBER, ...children } : children;
}

/** What is in one of them. */
export function union(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (a === undefined || a === b) return b;
  if (b === undefined) return a;
  let children: Record<string, FieldSet> | undefined;
  for (const key of Object.keys(b)) {
    if (key === DOT) continue;
    const joined = union(a[key], b[key]);
    if (joined === undefined || joined === a[key]) continue;
    children ??= withoutDot(a);
    children[key] = joined;
  }
  const member = isMember(a) || isMember(b);
  if (children === undefined) return member === isMember(a) ? a : makeSet(member, withoutDot(a));
  return makeSet(member, children);
}

/** What is in the first and not in the second. */
export function subtract(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (a === undefined || b === undefined) return a;
  let children: Record<string, FieldSet> | undefined;
  for (const key of Object.keys(b)) {
    const own = a[key];
    if (key === DOT || own === undefined) continue;
    const left = subtract(own, b[key]);
    if (left === own) continue;
    children ??= withoutDot(a);
    if (left === undefined) delete children[key];
    else children[key] = left;
  }
  const member = isMember(a) && !isMember(b);
  if (children === undefined) return member === isMember(a) ? a : makeSet(member, withoutDot(a));
  return makeSet(member, children);
}

/** What is in both. */
export function intersect(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (a === undefined || b === undefined) return undefined;
  const children: Record<string, FieldSet> = {};
  for (const key of Object.keys(a)) {
    const both = key === DOT ? undefined : intersect(a[key], b[key]);
    if (both !== undefined) children[key] = both;
  }
  return makeSet(isMember(a) && isMember(b), children);
}

/** Every member as the path that messages show: `.spec.containers[name="web"].image`. */
export function pathsOf(set: FieldSet | undefined, prefix = ''): readonly string[] {
  if (set === undefined) return [];
  const own = prefix !== '' && isMember(set) ? [prefix] : [];
  return [
    ...own,
    ...Object.keys(set)
      .filter((key) => key !== DOT)
      .flatMap((key) => pathsOf(set[key], `${prefix}${elementText(key)}`)),
  ];
}

function elementText(element: string): string {
  const text = element.slice(2);
  if (element.startsWith('f:')) return `.${text}`;
  if (element.startsWith('v:')) return `[=${text}]`;
  const keys = JSON.parse(text) as Record<string, unknown>;
  return `[${Object.entries(keys)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(',')}]`;
}

function withoutDot(set: FieldSet): Record<string, FieldSet> {
  const { [DOT]: _dot, ...rest } = set;
  return rest;
}
