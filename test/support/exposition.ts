// Reads the text format of Prometheus as strictly as it is described: what it does not allow fails the test that reads it.

import assert from 'node:assert/strict';

export type Series = { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number };

export type Exposition = {
  readonly types: ReadonlyMap<string, string>;
  readonly series: readonly Series[];
  /** The values of a name where these labels are so. */
  values(name: string, labels?: Readonly<Record<string, string>>): readonly number[];
};

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=[a-zA-Z_])|$)/y;
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)$/i;

function labelsOf(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let at = 0;
  while (at < text.length) {
    LABEL.lastIndex = at;
    const found = LABEL.exec(text);
    assert.ok(found, `no labels: ${line}`);
    const [whole, name = '', value = ''] = found;
    assert.ok(!(name in labels), `a label twice: ${line}`);
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    at += whole.length;
  }
  return labels;
}

const numberOf = (text: string, line: string): number => {
  assert.match(text, NUMBER, `no number: ${line}`);
  return Number(text.replace(/inf/i, 'Infinity'));
};

/** The family that a sample belongs to: those of a histogram have endings. */
function familyOf(name: string, types: ReadonlyMap<string, string>): string {
  const base = name.replace(/_(bucket|sum|count)$/, '');
  return types.get(name) === undefined && ['histogram', 'summary'].includes(types.get(base) ?? '') ? base : name;
}

function checkHistogram(family: string, series: readonly Series[]): void {
  const groups = new Map<string, Series[]>();
  for (const one of series) {
    const { le: _le, ...rest } = one.labels;
    const key = JSON.stringify(rest);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const [key, group] of groups) {
    const buckets = group.filter(({ name }) => name === `${family}_bucket`);
    const bounds = buckets.map(({ labels }) => numberOf(labels['le'] ?? '', key));
    assert.deepEqual(bounds, bounds.toSorted((a, b) => a - b), `${family}: buckets out of order`);
    assert.equal(bounds.at(-1), Infinity, `${family}: no +Inf`);
    const counts = buckets.map(({ value }) => value);
    assert.deepEqual(counts, counts.toSorted((a, b) => a - b), `${family}: buckets do not grow`);
    assert.equal(group.find(({ name }) => name === `${family}_count`)?.value, counts.at(-1), `${family}: the count is not that of +Inf`);
    assert.ok(group.some(({ name }) => name === `${family}_sum`), `${family}: no sum`);
  }
}

export function readExposition(text: string): Exposition {
  assert.ok(text.endsWith('\n'), 'the last line does not end');
  const types = new Map<string, string>();
  const families = new Map<string, Series[]>();
  const seen = new Set<string>();
  let current = '';
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# HELP ')) continue;
    const [, typed, type] = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`).exec(line) ?? [];
    if (typed !== undefined && type !== undefined) {
      assert.ok(!types.has(typed), `typed twice: ${line}`);
      types.set(typed, type);
      current = typed;
      continue;
    }
    const [, name = '', labelText = '', value = ''] = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`).exec(line) ?? [];
    assert.ok(name !== '', `no sample: ${line}`);
    const family = familyOf(name, types);
    assert.equal(family, current, `not among its own: ${line}`);
    const one: Series = { name, labels: labelsOf(labelText, line), value: numberOf(value, line) };
    const identity = `${name}${JSON.stringify(Object.entries(one.labels).toSorted(([a], [b]) => a.localeCompare(b)))}`;
    assert.ok(!seen.has(identity), `a series twice: ${line}`);
    seen.add(identity);
    families.set(family, [...(families.get(family) ?? []), one]);
  }
  for (const [family, series] of families) if (types.get(family) === 'histogram') checkHistogram(family, series);
  const all = [...families.values()].flat();
  return {
    types,
    series: all,
    values: (name, labels = {}) =>
      all.filter((one) => one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value)).map(({ value }) => value),
  };
}
