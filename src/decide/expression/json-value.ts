// Between plain JSON, the tagged values of test corpora and `sluice eval`, and Go's values.

import { parseTime } from '../../lib/instant.js';
import { decode, encode } from './bytes.js';
import { formatDurationNs } from './duration.js';
import { sortedEntries } from './go-text.js';
import { ANY_SLICE, DURATION, FLOAT, FLOAT_SLICE, type GoType, INT64, pointerTo, sliceOf, STRING, STRING_MAP, STRING_SLICE, TIME } from './go-type.js';
import { type GoMap, type GoStruct, type GoValue, integer, isObject, slice, stringMap, UTC } from './go-value.js';
import { formatTime, RFC3339_NANO } from './time-layout.js';

/** What Go's encoding/json makes of JSON: every number is a float64. */
export function fromJson(value: unknown): GoValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return encode(value);
  if (Array.isArray(value)) return slice(ANY_SLICE, value.map(fromJson));
  return objectMap(value, STRING_MAP, fromJson);
}

function objectMap(value: object, type: GoType, read: (item: unknown) => GoValue): GoMap {
  return stringMap(
    Object.entries(value).map(([key, item]) => [encode(key), read(item)] as const),
    type,
  );
}

const NEW_RELIC_ROW: GoType = { ...STRING_MAP, name: 'NRDBResult', defined: true };
const STATUS_CODE: GoType = { name: 'types.StatusCode', kind: 'string', defined: true };
const POINTER_TO_STRING = pointerTo(STRING);
const TIMES = sliceOf(TIME);
const METRIC_DATA: GoType = {
  name: 'MetricDataResult',
  kind: 'struct',
  defined: true,
  fields: {
    Id: POINTER_TO_STRING,
    Label: POINTER_TO_STRING,
    StatusCode: STATUS_CODE,
    Timestamps: TIMES,
    Values: FLOAT_SLICE,
  },
};

/** JSON in which `{"$type": T, "value": V}` stands for a typed Go value (int, []float64, …); throws on an unknown T. */
export function fromTagged(value: unknown): GoValue {
  if (typeof value !== 'object' || value === null) return fromJson(value);
  if (Array.isArray(value)) return slice(ANY_SLICE, value.map(fromTagged));
  if ('$type' in value && typeof value.$type === 'string') return typedValue(value.$type, 'value' in value ? value.value : null);
  return objectMap(value, STRING_MAP, fromTagged);
}

/** JSON of a source as that Go type, whatever is in it; throws on a type that is not known. */
export const fromTyped = (type: string, value: unknown): GoValue => typedValue(type, value, fromJson);

function typedValue(type: string, value: unknown, read: (item: unknown) => GoValue = fromTagged): GoValue {
  const items = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const list = (sliceType: GoType, read: (item: unknown) => GoValue): GoValue =>
    value === null ? { kind: 'slice', type: sliceType, items: [], absent: true } : slice(sliceType, items.map(read));
  switch (type) {
    case 'float64':
      return floatOf(value);
    case 'int':
      return wholeOf(value);
    case 'int64':
      return integer(INT64, wholeOf(value));
    case 'string':
      return encode(String(value));
    case 'bool':
      return value === true;
    case '[]float64':
      return list(FLOAT_SLICE, floatOf);
    case '[]string':
      return list(STRING_SLICE, (item) => encode(String(item)));
    case '*float64':
      return { kind: 'pointer', type: pointerTo(FLOAT), target: value === null ? undefined : floatOf(value) };
    case 'NRDBResult':
      return row(value, read);
    case '[]NRDBResult':
      return list(sliceOf(NEW_RELIC_ROW), (item) => row(item, read));
    case '[]MetricDataResult':
      return list(sliceOf(METRIC_DATA), metricData);
    default:
      throw new Error(`unknown $type ${JSON.stringify(type)}`);
  }
}

const row = (value: unknown, read: (item: unknown) => GoValue): GoValue =>
  objectMap(typeof value === 'object' && value !== null ? value : {}, NEW_RELIC_ROW, read);

function floatOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === '+Inf' || value === 'Inf') return Infinity;
  if (value === '-Inf') return -Infinity;
  if (value === 'NaN') return Number.NaN;
  throw new Error(`not a float64: ${JSON.stringify(value)}`);
}

function wholeOf(value: unknown): bigint {
  if ((typeof value === 'number' && Number.isInteger(value)) || (typeof value === 'string' && /^-?\d+$/.test(value))) return BigInt.asIntN(64, BigInt(value));
  throw new Error(`not a whole number: ${JSON.stringify(value)}`);
}

const timeOf = (value: unknown): GoValue => ({ kind: 'time', unixNs: BigInt(parseTime(String(value)) ?? 0) * 1_000_000n, zone: UTC });

function metricData(value: unknown): GoStruct {
  const source = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const text = (name: string): GoValue => ({
    kind: 'pointer',
    type: POINTER_TO_STRING,
    target: typeof source[name] === 'string' ? encode(source[name]) : undefined,
  });
  const values = source['Values'];
  const times = Array.isArray(source['Timestamps']) ? (source['Timestamps'] as readonly unknown[]) : undefined;
  return {
    kind: 'struct',
    type: METRIC_DATA,
    fields: {
      Id: text('Id'),
      Label: text('Label'),
      StatusCode: { kind: 'text', type: STATUS_CODE, value: encode(typeof source['StatusCode'] === 'string' ? source['StatusCode'] : '') },
      Timestamps: { kind: 'slice', type: TIMES, items: (times ?? []).map(timeOf), absent: times === undefined },
      Values: typedValue('[]float64', values === undefined ? null : values),
    },
  };
}

/** The tagged JSON of a value: `{"$int":"5"}`, `{"$float":"NaN"}`, `{"$time":…}`, plain where JSON has the same. */
export function toTagged(value: GoValue): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return decode(value);
  if (typeof value === 'bigint') return { $int: String(value) };
  if (typeof value === 'number') {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return { $float: Object.is(value, -0) ? '-0' : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf' };
  }
  if (!isObject(value)) return null;
  switch (value.kind) {
    case 'integer':
      return value.type.name === DURATION.name ? { $duration: formatDurationNs(value.value) } : { $int: String(value.value) };
    case 'text':
      return decode(value.value);
    case 'time':
      return { $time: formatTime(value, RFC3339_NANO) };
    case 'func':
      return { $func: true };
    case 'pointer':
      return value.target === undefined ? null : toTagged(value.target);
    case 'slice':
      return value.items.map(toTagged);
    case 'struct':
      return Object.fromEntries(Object.entries(value.fields).map(([name, item]) => [name, toTagged(item)]));
    case 'map':
      if (value.type.key?.kind === 'string')
        return Object.fromEntries(sortedEntries(value).map((entry) => [decode(typeof entry.key === 'string' ? entry.key : ''), toTagged(entry.value)]));
      return { $map: sortedEntries(value).map((entry) => [toTagged(entry.key), toTagged(entry.value)]) };
  }
}
