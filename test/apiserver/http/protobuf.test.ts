// Protobuf bodies: built here field by field, read back as the JSON that they stand for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeProtobuf } from '../../../src/apiserver/http/protobuf/envelope.js';
import { readFields } from '../../../src/apiserver/http/protobuf/wire.js';

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push((left & 0x7f) | 0x80);
  return Buffer.from([...bytes, left]);
}

const number = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)]);

function bytes(field: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const value = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([varint(field * 8 + 2), varint(value.length), value]);
}

const entry = (field: number, key: string, value: Buffer | string): Buffer => bytes(field, bytes(1, key), bytes(2, value));

function envelope(apiVersion: string, kind: string, ...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('k8s\0'), bytes(1, bytes(1, apiVersion), bytes(2, kind)), bytes(2, ...parts), bytes(3, ''), bytes(4, '')]);
}

test('a ConfigMap, with the zero values that Go writes left out', () => {
  const metadata = bytes(1, bytes(1, 'settings'), bytes(2, ''), bytes(3, 'a'), number(7, 0), bytes(8), entry(11, 'app', 'x'));
  const decoded = decodeProtobuf(envelope('v1', 'ConfigMap', metadata, entry(2, 'one', '1'), entry(3, 'raw', Buffer.from([0, 255]))));
  assert.deepEqual(decoded, {
    ok: true,
    value: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'a', labels: { app: 'x' } }, data: { one: '1' }, binaryData: { raw: 'AP8=' } },
  });
});

test('a Deployment: pointers keep their zero, lists their order, IntOrString its form', () => {
  const container = bytes(2, bytes(1, 'web'), bytes(2, 'nginx:1'), bytes(3, 'run'), bytes(3, 'fast'), bytes(6, number(3, 8080)), bytes(8, entry(2, 'cpu', bytes(1, '100m'))));
  const template = bytes(3, bytes(1, entry(11, 'app', 'web')), bytes(2, container));
  const strategy = bytes(4, bytes(1, ''), bytes(2, bytes(1, number(1, 1), number(2, 0), bytes(3, '25%')), bytes(2, number(1, 0), number(2, 3), bytes(3, ''))));
  const spec = bytes(2, number(1, 0), bytes(2, entry(1, 'app', 'web')), template, strategy, number(5, 0), number(7, 0));
  const decoded = decodeProtobuf(envelope('apps/v1', 'Deployment', bytes(1, bytes(1, 'web')), spec, bytes(3, number(1, 0))));
  assert.deepEqual(decoded.ok && decoded.value, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'nginx:1', command: ['run', 'fast'], ports: [{ containerPort: 8080 }], resources: { requests: { cpu: '100m' } } }] },
      },
      strategy: { rollingUpdate: { maxUnavailable: '25%', maxSurge: 3 } },
    },
  });
});

test('a field that is not known is refused by name when it says something, and only then', () => {
  const empty = decodeProtobuf(envelope('v1', 'Namespace', bytes(1, bytes(1, 'a')), bytes(77, bytes(1, ''), number(2, 0))));
  assert.equal(empty.ok, true);
  const full = decodeProtobuf(envelope('v1', 'Namespace', bytes(1, bytes(1, 'a')), bytes(77, bytes(1, 'x'))));
  assert.equal(!full.ok && full.error.code, 415);
  assert.match(full.ok ? '' : full.error.message, /Namespace holds field 77/);
});

test('kinds without a reader and bytes without sense are refused', () => {
  const cases: readonly [Buffer, number][] = [
    [envelope('batch/v1', 'CronJob', bytes(1, bytes(1, 'a'))), 415],
    [Buffer.from('{"kind":"Namespace"}'), 400],
    [Buffer.from('k8s\0\xff\xff\xff\xff', 'latin1'), 400],
    [envelope('v1', 'Namespace', Buffer.from([0x0a, 0x7f, 0x01])), 415],
  ];
  for (const [body, code] of cases) {
    const decoded = decodeProtobuf(body);
    assert.equal(decoded.ok ? 200 : decoded.error.code, code, body.toString('latin1'));
  }
});

test('a varint of more than ten bytes, a field number of nought and a length past the end are no message', () => {
  assert.equal(readFields(Buffer.from([0x08, ...Array<number>(11).fill(0x80), 0x01])), undefined);
  assert.equal(readFields(Buffer.from([0x00, 0x01])), undefined);
  assert.equal(readFields(Buffer.from([0x0a, 0x05, 0x01])), undefined);
});
