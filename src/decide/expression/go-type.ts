// The static types of the condition language: Go's types, as far as a metric result can bring them.
// Which conditions compile depends on these, so they carry Go's names and kinds.

export type GoKind =
  | 'invalid'
  | 'bool'
  | 'int'
  | 'int64'
  | 'uint8'
  | 'float64'
  | 'string'
  | 'interface'
  | 'slice'
  | 'array'
  | 'map'
  | 'struct'
  | 'ptr'
  | 'func';

/** Types are equal when their names are. */
export type GoType = {
  readonly name: string;
  readonly kind: GoKind;
  /** Defined types (time.Month) are not assignable to their underlying type when that has a name too. */
  readonly defined?: boolean;
  readonly elem?: GoType;
  readonly key?: GoType;
  readonly fields?: Readonly<Record<string, GoType>>;
  readonly params?: readonly GoType[];
  readonly variadic?: boolean;
  readonly results?: readonly GoType[];
};

/** The type of a bare nil; Go's reflect has none at all. */
export const NIL_TYPE: GoType = { name: '<nil>', kind: 'invalid' };
export const ANY: GoType = { name: 'interface {}', kind: 'interface' };
export const BOOL: GoType = { name: 'bool', kind: 'bool' };
export const INT: GoType = { name: 'int', kind: 'int' };
export const INT64: GoType = { name: 'int64', kind: 'int64' };
export const UINT8: GoType = { name: 'uint8', kind: 'uint8' };
export const FLOAT: GoType = { name: 'float64', kind: 'float64' };
export const STRING: GoType = { name: 'string', kind: 'string' };
export const TIME: GoType = { name: 'time.Time', kind: 'struct', defined: true, fields: {} };
export const DURATION: GoType = { name: 'time.Duration', kind: 'int64', defined: true };
export const MONTH: GoType = { name: 'time.Month', kind: 'int', defined: true };
export const WEEKDAY: GoType = { name: 'time.Weekday', kind: 'int', defined: true };

export const sliceOf = (elem: GoType): GoType => ({ name: `[]${elem.name}`, kind: 'slice', elem });
export const mapOf = (key: GoType, elem: GoType): GoType => ({ name: `map[${key.name}]${elem.name}`, kind: 'map', key, elem });
export const pointerTo = (elem: GoType): GoType => ({ name: `*${elem.name}`, kind: 'ptr', elem });

export const ANY_SLICE = sliceOf(ANY);
export const INT_SLICE = sliceOf(INT);
export const FLOAT_SLICE = sliceOf(FLOAT);
export const STRING_SLICE = sliceOf(STRING);
export const STRING_MAP = mapOf(STRING, ANY);
export const ANY_MAP = mapOf(ANY, ANY);
export const GROUPS = mapOf(ANY, ANY_SLICE);
export const PAIR: GoType = { name: '[2]interface {}', kind: 'array', elem: ANY };

export function funcOf(params: readonly GoType[], results: readonly GoType[], variadic = false): GoType {
  const list = params.map((param, index) => (variadic && index === params.length - 1 ? `...${param.elem?.name ?? ''}` : param.name)).join(', ');
  const [first] = results;
  const out =
    results.length === 1 && first !== undefined ? ` ${first.name}` : results.length === 0 ? '' : ` (${results.map((result) => result.name).join(', ')})`;
  return { name: `func(${list})${out}`, kind: 'func', params, results, variadic };
}

export const isNilType = (type: GoType): boolean => type.kind === 'invalid';
export const isAny = (type: GoType): boolean => type.kind === 'interface';
export const isInteger = (type: GoType): boolean => type.kind === 'int' || type.kind === 'int64' || type.kind === 'uint8';
export const isFloat = (type: GoType): boolean => type.kind === 'float64';
export const isNumber = (type: GoType): boolean => isInteger(type) || isFloat(type);
export const isBool = (type: GoType): boolean => type.kind === 'bool';
export const isString = (type: GoType): boolean => type.kind === 'string';
export const isTime = (type: GoType): boolean => type.name === TIME.name;
export const isDuration = (type: GoType): boolean => type.name === DURATION.name;
export const isArray = (type: GoType): boolean => type.kind === 'slice' || type.kind === 'array';

/** Go's rule as far as these types need it: identical, into an interface, or the same shape with one side unnamed. */
export function assignable(from: GoType, to: GoType): boolean {
  if (from.name === to.name || isAny(to)) return true;
  const shaped = from.kind === to.kind && (from.kind === 'map' || from.kind === 'slice');
  return shaped && (from.defined !== true || to.defined !== true) && from.elem?.name === to.elem?.name && from.key?.name === to.key?.name;
}

/** The pointed-to type of a pointer to a plain value. */
export const deref = (type: GoType): GoType => (type.kind === 'ptr' && type.elem !== undefined ? type.elem : type);

/** `%s` of a missing type in Go's own messages. */
export const typeText = (type: GoType): string => (isNilType(type) ? '%!s(<nil>)' : type.name);
