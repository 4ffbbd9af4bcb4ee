// Definitions that a user brings: used at once, with all that a structural schema asks of the server, in several versions.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CUSTOM_RESOURCE_DEFINITION, type ResourceType } from '../../../src/kinds/resource-type.js';
import { eventually, type Stage } from '../api-door.js';
import type { Begin } from '../api-contract.js';
import { at } from './bodies.js';

const SCHEMA = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 9 },
        colour: { type: 'string', enum: ['red', 'blue'], default: 'red' },
        name: { type: 'string', pattern: '^[a-z]+$', maxLength: 5 },
        title: { type: 'string', pattern: '^[a-z]+$' },
        port: { 'x-kubernetes-int-or-string': true },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        nested: { type: 'object', default: {}, properties: { on: { type: 'boolean', default: true } } },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        parts: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['id'], items: { type: 'object', required: ['id'], properties: { id: { type: 'string' }, n: { type: 'integer', default: 1 } } } },
        maybe: { type: 'string', nullable: true },
        replicas: { type: 'integer' },
      },
    },
    status: { type: 'object', properties: { replicas: { type: 'integer' }, selector: { type: 'string' } } },
  },
};

const version = (name: string, storage: boolean): object => ({
  name, served: true, storage, schema: { openAPIV3Schema: SCHEMA },
  subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector' } },
  additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
});

/** A kind of one's own: definitions are of the whole cluster. */
async function install({ namespace, api, create }: Stage): Promise<{ readonly type: ResourceType; readonly older: ResourceType; remove(): Promise<void> }> {
  const group = `${namespace}.contract.io`;
  const name = `gadgets.${group}`;
  const body = {
    metadata: { name },
    spec: { group, scope: 'Namespaced', names: { plural: 'gadgets', kind: 'Gadget', shortNames: ['gd'] }, versions: [version('v1', true), version('v1beta1', false)] },
  };
  await create(CUSTOM_RESOURCE_DEFINITION, body);
  const type: ResourceType = { group, version: 'v1', kind: 'Gadget', plural: 'gadgets', singular: 'gadget', shortNames: [], categories: [], namespaced: true };
  await eventually('the kind is served', async () => (await api.ask({ verb: 'list', type, namespace, options: {} })).ok);
  const remove = async (): Promise<void> => {
    await api.ask({ verb: 'delete', type: CUSTOM_RESOURCE_DEFINITION, namespace: '', name, options: {} });
  };
  return { type, older: { ...type, version: 'v1beta1' }, remove };
}

export function customKindContract(begin: Begin): void {
  test('defaults, pruning, numbers or text, and what is preserved', async () => {
    const stage = await begin();
    const { type, remove } = await install(stage);
    const made = await stage.create(type, { metadata: { name: 'a' }, spec: { size: 3, port: 'http', unknown: 1, free: { any: [{ thing: 1 }] }, parts: [{ id: 'x' }], maybe: null } });
    assert.deepEqual(made['spec'], { size: 3, port: 'http', colour: 'red', nested: { on: true }, free: { any: [{ thing: 1 }] }, parts: [{ id: 'x', n: 1 }], maybe: null });
    assert.equal(at(await stage.patch(type, 'a', 'merge', { spec: { port: 80 } }), 'spec', 'port'), 80);
    await remove();
  });

  test('wrong values are named, all at once', async () => {
    const stage = await begin();
    const { type, remove } = await install(stage);
    const wrong = { size: 12, colour: 'green', name: 'TooLong', title: 'Title', port: true, labels: { a: 1 }, parts: [{ id: 'x' }, { id: 'x' }, {}] };
    const { message } = await stage.refused(stage.create(type, { metadata: { name: 'a' }, spec: wrong }), 422, 'Invalid');
    for (const part of [
      'spec.size: Invalid value: 12: spec.size in body should be less than or equal to 9', 'spec.colour: Unsupported value: "green": supported values: "red", "blue"',
      'spec.name: Too long: may not be more than 5 bytes', 'spec.title: Invalid value: "Title": spec.title in body should match \'^[a-z]+$\'',
      'spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"', 'spec.labels.a: Invalid value: "integer": spec.labels.a in body must be of type string: "integer"',
      'spec.parts[1]: Duplicate value: {"id":"x"}', 'spec.parts[2].id: Required value',
    ])
      assert.ok(message.includes(part), `${part}\n${message}`);
    await stage.refused(stage.create(type, { metadata: { name: 'a' }, spec: {} }), 422, 'Invalid');
    await remove();
  });

  test('status and scale are there, several versions are one object', async () => {
    const stage = await begin();
    const { type, older, remove } = await install(stage);
    const made = await stage.create(older, { metadata: { name: 'a' }, spec: { size: 1, replicas: 2 } });
    assert.match(made.apiVersion, /\/v1beta1$/);
    const newer = await stage.get(type, 'a');
    assert.deepEqual([newer.metadata.uid, newer.apiVersion.endsWith('/v1')], [made.metadata.uid, true]);
    await stage.patch(type, 'a', 'merge', { status: { replicas: 2, selector: 'a=b' } }, {}, 'status');
    const scale = await stage.get(type, 'a', 'scale');
    assert.deepEqual([scale['spec'], scale['status']], [{ replicas: 2 }, { replicas: 2, selector: 'a=b' }]);
    await stage.patch(type, 'a', 'merge', { spec: { replicas: 4 } }, {}, 'scale');
    assert.deepEqual([at(await stage.get(older, 'a'), 'spec', 'replicas'), (await stage.get(older, 'a')).metadata.generation], [4, 2]);
    const update = await stage.refused(stage.update(type, { metadata: { name: 'a' }, spec: { size: 2 } }), 422, 'Invalid');
    assert.match(update.message, /metadata\.resourceVersion: Invalid value: 0: must be specified for an update$/);
    await remove();
  });

  test('lists with keys are merged by an apply', async () => {
    const stage = await begin();
    const { type, remove } = await install(stage);
    await stage.patch(type, 'a', 'apply', { spec: { size: 1, parts: [{ id: 'x', n: 1 }] } }, { fieldManager: 'one' });
    const both = await stage.patch(type, 'a', 'apply', { spec: { parts: [{ id: 'y', n: 2 }] } }, { fieldManager: 'two' });
    assert.deepEqual((at(both, 'spec', 'parts') as readonly { id: string }[]).map(({ id }) => id).toSorted(), ['x', 'y']);
    await remove();
  });

  test('a definition says that it is established, and takes its objects with it', async () => {
    const stage = await begin();
    const { type, remove } = await install(stage);
    const definition = await stage.get(CUSTOM_RESOURCE_DEFINITION, `gadgets.${type.group}`);
    await eventually('it is established', async () => {
      const now = await stage.get(CUSTOM_RESOURCE_DEFINITION, `gadgets.${type.group}`);
      const conditions = at(now, 'status', 'conditions') as readonly { type: string; status: string }[];
      return conditions.some((condition) => condition.type === 'Established' && condition.status === 'True');
    });
    assert.deepEqual(at(definition, 'spec', 'names'), { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList', shortNames: ['gd'] });
    assert.deepEqual(at(definition, 'status', 'storedVersions'), ['v1']);
    await stage.create(type, { metadata: { name: 'a' }, spec: { size: 1 } });
    await remove();
    await eventually('the kind is no longer served', async () => !(await stage.api.ask({ verb: 'list', type, namespace: stage.namespace, options: {} })).ok);
  });

  test('a definition that is wrong is refused', async () => {
    const { create, refused, namespace } = await begin();
    const group = `${namespace}.contract.io`;
    const spec = { group, scope: 'Namespaced', names: { plural: 'gadgets', kind: 'Gadget' }, versions: [version('v1', true)] };
    const misnamed = await refused(create(CUSTOM_RESOURCE_DEFINITION, { metadata: { name: `others.${group}` }, spec }), 422, 'Invalid');
    assert.match(misnamed.message, /metadata\.name: Invalid value: "others\.\S+": must be spec\.names\.plural\+"\."\+spec\.group/);
    const twice = await refused(create(CUSTOM_RESOURCE_DEFINITION, { metadata: { name: `gadgets.${group}` }, spec: { ...spec, versions: [version('v1', true), version('v2', true)] } }), 422, 'Invalid');
    assert.match(twice.message, /must have exactly one version marked as storage version/);
    const bare = await refused(create(CUSTOM_RESOURCE_DEFINITION, { metadata: { name: `gadgets.${group}` }, spec: { ...spec, versions: [{ name: 'v1', served: true, storage: true }] } }), 422, 'Invalid');
    assert.match(bare.message, /spec\.versions\[0\]\.schema\.openAPIV3Schema: Required value/);
    const untyped = { openAPIV3Schema: { type: 'object', properties: { spec: { properties: { a: { type: 'string' } } } } } };
    const loose = await refused(create(CUSTOM_RESOURCE_DEFINITION, { metadata: { name: `gadgets.${group}` }, spec: { ...spec, versions: [{ name: 'v1', served: true, storage: true, schema: untyped }] } }), 422, 'Invalid');
    assert.match(loose.message, /openAPIV3Schema\.properties\[spec\]\.type: Required value: must not be empty for specified object fields/);
  });
}
