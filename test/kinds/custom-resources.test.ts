// The CustomResourceDefinitions obey the rules that a real API server makes for them, and the schemas of built-in kinds carry their patch keys.

import assert from 'node:assert/strict';
import test from 'node:test';
import { isRecord } from '../../src/lib/deep.js';
import { builtInSchema } from '../../src/kinds/built-in-schemas.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import { BUILT_IN_TYPES, DEPLOYMENT, POD, ROLLOUT, SERVICE } from '../../src/kinds/resource-type.js';
import type { StructuralSchema } from '../../src/kinds/structural-schema.js';

function* walk(schema: StructuralSchema, path: string): Generator<readonly [string, StructuralSchema]> {
  yield [path, schema];
  for (const [name, inner] of Object.entries(schema.properties ?? {})) yield* walk(inner, `${path}.${name}`);
  if (schema.items !== undefined) yield* walk(schema.items, `${path}[]`);
  if (typeof schema.additionalProperties === 'object') yield* walk(schema.additionalProperties, `${path}{}`);
}

type Version = { name: string; served: boolean; storage: boolean; schema: { openAPIV3Schema: StructuralSchema }; subresources: Record<string, unknown> };

const definitions = customResourceDefinitions();
const versionsOf = (name: string): readonly Version[] => {
  const spec = definitions.find((definition) => definition.metadata.name === name)?.['spec'];
  assert.ok(isRecord(spec));
  return spec['versions'] as Version[];
};

function faults(schema: StructuralSchema): readonly string[] {
  const found: string[] = [];
  const complain = (fault: string): void => void found.push(fault);
  if (schema.type === undefined && schema['x-kubernetes-int-or-string'] !== true && schema['x-kubernetes-preserve-unknown-fields'] !== true) complain('no type');
  if (schema.type === 'array' && schema.items === undefined) complain('no items');
  if (schema.properties !== undefined && schema.additionalProperties !== undefined) complain('properties and additionalProperties');
  if (Object.keys(schema).some((key) => key.startsWith('x-kubernetes-patch'))) complain('patch keys are for built-in kinds');
  for (const key of schema.required ?? []) if (schema.properties?.[key] === undefined) complain(`requires ${key}, which it does not have`);
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const inner = schema.items?.properties?.[key];
    if (inner === undefined || (inner.default === undefined && schema.items?.required?.includes(key) !== true)) complain(`list key ${key} is neither required nor defaulted`);
  }
  return found;
}

test('the definitions are those of Argo and of Istio\'s traffic', () => {
  assert.deepEqual(definitions.map((definition) => definition.metadata.name), [
    'rollouts.argoproj.io', 'analysistemplates.argoproj.io', 'clusteranalysistemplates.argoproj.io', 'analysisruns.argoproj.io', 'experiments.argoproj.io',
    'virtualservices.networking.istio.io', 'destinationrules.networking.istio.io', 'gateways.networking.istio.io',
  ]);
});

for (const { metadata: { name } } of definitions) {
  test(`${name} is structural and stores one version`, () => {
    const versions = versionsOf(name);
    assert.equal(versions.filter((version) => version.storage).length, 1);
    for (const version of versions) {
      const bad = [...walk(version.schema.openAPIV3Schema, name)].flatMap(([path, schema]) => faults(schema).map((fault) => `${path}: ${fault}`));
      assert.deepEqual(bad, []);
    }
  });
}

test('only rollouts keep their status apart, and can be scaled', () => {
  for (const name of ['analysisruns', 'experiments', 'analysistemplates']) assert.deepEqual(versionsOf(`${name}.argoproj.io`)[0]?.subresources, {});
  assert.deepEqual(versionsOf('rollouts.argoproj.io')[0]?.subresources, {
    status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.HPAReplicas', labelSelectorPath: '.status.selector' },
  });
});

test('the template of a rollout has the defaults that are hashed, and no other', () => {
  const schema = versionsOf('rollouts.argoproj.io')[0]?.schema.openAPIV3Schema;
  assert.ok(schema);
  const defaulted = new Set([...walk(schema, '')].filter(([, inner]) => inner.default !== undefined).map(([path, inner]) => `${path.split('.').at(-1)}=${JSON.stringify(inner.default)}`));
  assert.deepEqual([...defaulted].sort(), ['name=""', 'optional=false', 'protocol="TCP"', 'service=""']);
});

test('every built-in kind has a schema; others have none', () => {
  for (const type of BUILT_IN_TYPES) assert.equal(builtInSchema(type)?.type, 'object', type.kind);
  assert.equal(builtInSchema(ROLLOUT), undefined);
});

const at = (schema: StructuralSchema | undefined, path: string): StructuralSchema | undefined =>
  path.split('.').reduce<StructuralSchema | undefined>((inner, name) => (name === '[]' ? inner?.items : inner?.properties?.[name]), schema);

const KEYS: readonly (readonly [string, StructuralSchema | undefined, string, string | undefined, string | undefined])[] = [
  ['containers', builtInSchema(POD), 'spec.containers', 'name', 'merge'],
  ['volumes', builtInSchema(POD), 'spec.volumes', 'name', 'merge,retainKeys'],
  ['ports', builtInSchema(POD), 'spec.containers.[].ports', 'containerPort', 'merge'],
  ['volume mounts', builtInSchema(POD), 'spec.containers.[].volumeMounts', 'mountPath', 'merge'],
  ['tolerations', builtInSchema(POD), 'spec.tolerations', undefined, undefined],
  ['pod conditions', builtInSchema(POD), 'status.conditions', 'type', 'merge'],
  ['owners', builtInSchema(POD), 'metadata.ownerReferences', 'uid', 'merge'],
  ['finalizers', builtInSchema(POD), 'metadata.finalizers', undefined, 'merge'],
  ['topology', builtInSchema(DEPLOYMENT), 'spec.template.spec.topologySpreadConstraints', 'topologyKey', 'merge'],
  ['strategy', builtInSchema(DEPLOYMENT), 'spec.strategy', undefined, 'retainKeys'],
  ['service ports', builtInSchema(SERVICE), 'spec.ports', 'port', 'merge'],
];

for (const [name, schema, path, key, strategy] of KEYS) {
  test(`${name} are patched by ${key ?? 'no key'}, strategy ${strategy ?? 'replace'}`, () => {
    const inner = at(schema, path);
    assert.ok(inner);
    assert.equal(inner['x-kubernetes-patch-merge-key'], key);
    assert.equal(inner['x-kubernetes-patch-strategy'], strategy);
  });
}
