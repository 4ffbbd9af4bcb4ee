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
    // As Go writes it in JSON too: an empty struct is not left out.
    status: {},
  });
});

test('a field of a newer version is left out, as the server of an older one leaves it out', () => {
  const decoded = decodeProtobuf(envelope('v1', 'Namespace', bytes(1, bytes(1, 'a')), bytes(77, bytes(1, 'x'))));
  assert.deepEqual(decoded, { ok: true, value: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } } });
});

test('times, references, probes and the source of a variable, as a controller in Go sends them', () => {
  const lease = decodeProtobuf(envelope('coordination.k8s.io/v1', 'Lease', bytes(1, bytes(1, 'lock')), bytes(2, bytes(1, 'me'), number(2, 15), bytes(3, number(1, 1_700_000_000), number(2, 123_456_000)))));
  assert.deepEqual(lease.ok && lease.value, {
    apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'lock' },
    spec: { holderIdentity: 'me', leaseDurationSeconds: 15, acquireTime: '2023-11-14T22:13:20.123456Z' },
  });
  const variable = bytes(7, bytes(1, 'NAME'), bytes(3, bytes(1, bytes(1, 'v1'), bytes(2, 'metadata.name'))));
  const probe = bytes(11, bytes(1, bytes(2, bytes(1, '/ready'), bytes(2, number(1, 1), bytes(3, 'http')))), number(2, 5));
  const pod = decodeProtobuf(envelope('v1', 'Pod', bytes(1, bytes(1, 'p')), bytes(2, bytes(1, bytes(1, 'data'), bytes(2, bytes(2, bytes(1, 'Memory')))), bytes(2, bytes(1, 'web'), variable, probe))));
  assert.deepEqual(pod.ok && pod.value, {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' },
    spec: {
      volumes: [{ name: 'data', emptyDir: { medium: 'Memory' } }],
      containers: [{
        name: 'web', env: [{ name: 'NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } }],
        readinessProbe: { httpGet: { path: '/ready', port: 'http' }, initialDelaySeconds: 5 },
      }],
    },
  });
});

test('a definition with its schema: JSON values, schemas in schemas, and what may stand in the place of one', () => {
  const double = Buffer.alloc(9);
  double[0] = 9 * 8 + 1;
  double.writeDoubleLE(2.5, 1);
  const count = bytes(5, 'integer');
  const schema = bytes(1, bytes(5, 'object'), double, bytes(8, bytes(1, '{"a":1}')), bytes(29, bytes(1, 'n'), bytes(2, count)), bytes(30, number(1, 0)), bytes(24, bytes(1, count)));
  const version = bytes(7, bytes(1, 'v1'), number(2, 1), number(3, 0), bytes(4, schema));
  const decoded = decodeProtobuf(envelope('apiextensions.k8s.io/v1', 'CustomResourceDefinition', bytes(1, bytes(1, 'x.y')), bytes(2, bytes(1, 'y'), version)));
  assert.deepEqual(decoded.ok && decoded.value, {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'x.y' },
    spec: {
      group: 'y',
      versions: [{
        name: 'v1', served: true, storage: false,
        schema: { openAPIV3Schema: { type: 'object', maximum: 2.5, default: { a: 1 }, properties: { n: { type: 'integer' } }, additionalProperties: false, items: { type: 'integer' } } },
      }],
    },
  });
});

test('nesting beyond the limit is refused', () => {
  let schema = bytes(5, 'object');
  for (let depth = 0; depth < 300; depth += 1) schema = bytes(29, bytes(1, 'n'), bytes(2, schema));
  const decoded = decodeProtobuf(envelope('apiextensions.k8s.io/v1', 'CustomResourceDefinition', bytes(2, bytes(7, bytes(4, bytes(1, schema))))));
  assert.equal(!decoded.ok && decoded.error.code, 400);
});

test('kinds without a reader and bytes without sense are refused', () => {
  const cases: readonly [Buffer, number][] = [
    [envelope('batch/v1', 'CronJob', bytes(1, bytes(1, 'a'))), 415],
    [Buffer.from('{"kind":"Namespace"}'), 400],
    [Buffer.from('k8s\0\xff\xff\xff\xff', 'latin1'), 400],
    [envelope('v1', 'Namespace', Buffer.from([0x0a, 0x7f, 0x01])), 400],
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
