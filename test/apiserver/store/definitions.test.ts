// CustomResourceDefinitions at run time: kinds that come and go, schemas, defaults, pruning, versions, subresources.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CUSTOM_RESOURCE_DEFINITION } from '../../../src/kinds/resource-type.js';
import type { KubeObject } from '../../../src/kinds/kube-object.js';
import { aDefinition, aStore, brief, WIDGET } from './a-store.js';

const SCHEMA = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 9 },
        colour: { type: 'string', enum: ['red', 'blue'], default: 'red' },
        name: { type: 'string', minLength: 2, maxLength: 4, pattern: '^[a-z]+$' },
        port: { 'x-kubernetes-int-or-string': true },
        tags: { type: 'array', maxItems: 2, items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        parts: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' }, kind: { type: 'string', default: 'plain' } } } },
        open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        note: { type: 'string', nullable: true },
        replicas: { type: 'integer' },
        one: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      },
    },
    status: { type: 'object', properties: { replicas: { type: 'integer' }, selector: { type: 'string' } } },
  },
};

const widget = (spec: Record<string, unknown>): Record<string, unknown> => ({ metadata: { name: 'w' }, spec: { size: 1, ...spec } });

test('a definition that is created serves its kind, one that is deleted takes its objects with it', () => {
  const ask = aStore();
  assert.equal(ask.failure(() => ask.create(WIDGET, widget({}))).message, 'the server could not find the requested resource');
  const made = ask.create(CUSTOM_RESOURCE_DEFINITION, aDefinition(SCHEMA));
  const { conditions, acceptedNames, storedVersions } = made['status'] as { conditions: { type: string; status: string }[]; acceptedNames: { singular: string; listKind: string }; storedVersions: string[] };
  assert.deepEqual(conditions.map(({ type, status }) => `${type}=${status}`), ['NamesAccepted=True', 'Established=True']);
  assert.deepEqual([acceptedNames.singular, acceptedNames.listKind, storedVersions], ['widget', 'WidgetList', ['v1']]);
  assert.ok(ask.store.types().some((type) => type.kind === 'Widget'));
  ask.create(WIDGET, widget({}));
  const events = ask.watch(WIDGET, { resourceVersion: ask.store.revision() });
  ask.remove(CUSTOM_RESOURCE_DEFINITION, 'widgets.test.io');
  assert.deepEqual(brief(events), ['DELETED w', 'ERROR 410']);
  assert.ok(!ask.store.types().some((type) => type.kind === 'Widget'));
});

test('definitions that are wrong are refused', () => {
  const ask = aStore();
  const wrongName = { ...aDefinition(SCHEMA), metadata: { name: 'widgets' } };
  assert.match(ask.failure(() => ask.create(CUSTOM_RESOURCE_DEFINITION, wrongName)).message, /metadata\.name: Invalid value: "widgets": must be spec\.names\.plural\+"\."\+spec\.group/);
  assert.match(ask.failure(() => ask.create(CUSTOM_RESOURCE_DEFINITION, aDefinition(undefined))).message, /spec\.versions\[0\]\.schema\.openAPIV3Schema: Required value: schemas are required/);
});

test('defaults and pruning', () => {
  const ask = aStore([aDefinition(SCHEMA)]);
  const made = ask.create(WIDGET, { ...widget({ parts: [{ id: 'x', gone: 1 }], open: { kept: { deep: true } }, note: null, colour: null }), extra: true });
  assert.deepEqual(made['spec'], { size: 1, parts: [{ id: 'x', kind: 'plain' }], open: { kept: { deep: true } }, note: null, colour: 'red' });
  assert.equal(made['extra'], undefined);
});

test('every wrong value is told in the words of the real server', () => {
  const ask = aStore([aDefinition(SCHEMA)]);
  const rows: [Record<string, unknown>, string, string][] = [
    [{ size: 'x' }, 'FieldValueTypeInvalid', 'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"'],
    [{ size: 0 }, 'FieldValueInvalid', 'spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1'],
    [{ size: 10 }, 'FieldValueInvalid', 'spec.size: Invalid value: 10: spec.size in body should be less than or equal to 9'],
    [{ size: undefined }, 'FieldValueRequired', 'spec.size: Required value'],
    [{ size: null }, 'FieldValueTypeInvalid', 'spec.size: Invalid value: "null": spec.size in body must be of type integer: "null"'],
    [{ colour: 'green' }, 'FieldValueNotSupported', 'spec.colour: Unsupported value: "green": supported values: "red", "blue"'],
    [{ name: 'a' }, 'FieldValueInvalid', 'spec.name: Invalid value: "a": spec.name in body should be at least 2 chars long'],
    [{ name: 'abcde' }, 'FieldValueTooLong', 'spec.name: Too long: may not be more than 4 bytes'],
    [{ name: 'A1' }, 'FieldValueInvalid', 'spec.name: Invalid value: "A1": spec.name in body should match \'^[a-z]+$\''],
    [{ port: true }, 'FieldValueTypeInvalid', 'spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"'],
    [{ tags: ['a', 'a'] }, 'FieldValueDuplicate', 'spec.tags[1]: Duplicate value: "a"'],
    [{ tags: ['a', 'b', 'c'] }, 'FieldValueTooMany', 'spec.tags: Too many: 3: must have at most 2 items'],
    [{ one: { a: '1', b: '2' } }, 'FieldValueInvalid', 'spec.one: Invalid value: {"a":"1","b":"2"}: spec.one in body must validate one and only one schema (oneOf)'],
  ];
  for (const [spec, reason, text] of rows) {
    const status = ask.failure(() => ask.create(WIDGET, widget(spec)));
    assert.deepEqual([status.code, status.reason, status.message], [422, 'Invalid', `Widget.test.io "w" is invalid: ${text}`]);
    assert.equal(status.details?.causes?.[0]?.reason, reason);
    assert.equal(`${status.details.causes[0].field}: ${status.details.causes[0].message}`, text);
  }
  assert.match(ask.failure(() => ask.create(WIDGET, widget({ size: 0, colour: 'green' }))).message, /is invalid: \[spec\.size: .*, spec\.colour: .*\]$/);
});

test('int-or-string takes both', () => {
  const ask = aStore([aDefinition(SCHEMA)]);
  assert.equal((ask.create(WIDGET, widget({ port: 80 }))['spec'] as { port: unknown }).port, 80);
  assert.equal((ask.patch(WIDGET, 'w', 'merge', { spec: { port: 'http' } })['spec'] as { port: unknown }).port, 'http');
});

test('without a status subresource the status is a field like any other', () => {
  const ask = aStore([aDefinition(SCHEMA)]);
  const made = ask.create(WIDGET, { ...widget({}), status: { replicas: 2 } });
  assert.deepEqual(made['status'], { replicas: 2 });
  assert.equal(ask.patch(WIDGET, 'w', 'merge', { status: { replicas: 3 } }).metadata.generation, 2);
  assert.equal(ask.failure(() => ask.patch(WIDGET, 'w', 'merge', {}, 'status')).code, 404);
});

test('with one it is apart, and scale finds its paths', () => {
  const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector' };
  const ask = aStore([aDefinition(SCHEMA, { subresources: { status: {}, scale } })]);
  assert.equal(ask.create(WIDGET, { ...widget({ replicas: 1 }), status: { replicas: 2 } })['status'], undefined);
  assert.equal(ask.patch(WIDGET, 'w', 'merge', { status: { replicas: 3, selector: 'a=b' } }, 'status').metadata.generation, 1);
  assert.match(ask.failure(() => ask.patch(WIDGET, 'w', 'merge', { status: { replicas: 'x' } }, 'status')).message, /status\.replicas in body must be of type integer/);
  const seen = ask.get(WIDGET, 'w', 'scale');
  assert.deepEqual([seen?.['spec'], seen?.['status']], [{ replicas: 1 }, { replicas: 3, selector: 'a=b' }]);
  ask.patch(WIDGET, 'w', 'merge', { spec: { replicas: 4 } }, 'scale');
  assert.deepEqual(ask.get(WIDGET, 'w', 'scale')?.['spec'], { replicas: 4 });
});

test('each served version shows the same object under its own apiVersion', () => {
  const ask = aStore([aDefinition(SCHEMA, { versions: ['v1', 'v1beta1', 'v2'] })]);
  const type = (version: string): typeof WIDGET => ({ ...WIDGET, version });
  assert.deepEqual(ask.store.types().filter(({ kind }) => kind === 'Widget').map(({ version }) => version), ['v2', 'v1', 'v1beta1']);
  const made = ask.create(type('v1beta1'), widget({}));
  assert.equal(made.apiVersion, 'test.io/v1beta1');
  for (const version of ['v1', 'v2']) assert.equal(ask.get(type(version), 'w')?.apiVersion, `test.io/${version}`);
  assert.equal(ask.list(type('v2')).items[0]?.apiVersion, 'test.io/v2');
  const [event] = ask.watch(type('v2'));
  assert.ok(event?.type === 'ADDED' && event.object.apiVersion === 'test.io/v2' && event.json.includes('"test.io/v2"'));
  const patched = ask.patch(type('v2'), 'w', 'merge', { spec: { size: 2 } });
  assert.deepEqual([patched.apiVersion, patched.metadata.uid, patched.metadata.generation], ['test.io/v2', made.metadata.uid, 2]);
});

test('an update without a resourceVersion is refused, an update of the definition changes what is allowed', () => {
  const ask = aStore([aDefinition(SCHEMA)]);
  const made: KubeObject = ask.create(WIDGET, widget({}));
  const { resourceVersion: _version, ...metadata } = made.metadata;
  assert.equal(ask.failure(() => ask.update(WIDGET, { ...made, metadata })).message, 'widgets.test.io "w" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update');
  assert.equal(ask.failure(() => ask.patch(WIDGET, 'w', 'merge', { spec: { size: 20 } })).code, 422);
  ask.patch(CUSTOM_RESOURCE_DEFINITION, 'widgets.test.io', 'json', [{ op: 'replace', path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/maximum', value: 99 }]);
  assert.equal((ask.patch(WIDGET, 'w', 'merge', { spec: { size: 20 } })['spec'] as { size: number }).size, 20);
});

test('strict validation of a patch is 422, with the field named', () => {
  const ask = aStore([aDefinition(SCHEMA)]);
  ask.create(WIDGET, widget({}));
  const answer = ask.store.execute({ verb: 'patch', type: WIDGET, namespace: 'default', name: 'w', patchType: 'merge', body: { spec: { sise: 2 } }, options: { fieldValidation: 'Strict' } }, 0);
  assert.ok(!answer.ok && answer.error.code === 422);
  assert.match(answer.error.message, /^ "" is invalid: patch: Invalid value: ".*": strict decoding error: unknown field "spec\.sise"$/);
});

test('the watch of a kind ends when its definition goes, after the deletions', () => {
  const ask = aStore([aDefinition({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true })]);
  ask.create(WIDGET, { metadata: { name: 'w' } });
  const events = ask.watch(WIDGET);
  ask.remove(CUSTOM_RESOURCE_DEFINITION, 'widgets.test.io');
  assert.deepEqual(brief(events), ['ADDED w', 'DELETED w', 'ERROR 410']);
});
