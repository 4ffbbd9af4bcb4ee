// Files that can not be loaded: each is named with file, line and, where the text itself is wrong, column; and the reason.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createObject, createTypeLookup } from '../../src/app/create-object.js';
import { readManifests } from '../../src/app/load-manifests.js';
import { COMMAND_MANAGER } from '../../src/kinds/field-managers.js';
import { temporaryFolder } from '../support/sluice.js';
import { openStage } from './stage.js';

const folder = temporaryFolder();
after(() => folder.remove());

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const ROLLOUT = (more: string): string => `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: a}\nspec: {${more}}\n`;
const NOT_ONE = 'not a manifest: apiVersion, kind and metadata are needed';

const UNREADABLE: readonly (readonly [name: string, text: string, complaint: string | RegExp])[] = [
  ['tabs', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n', '4:1: Tabs are not allowed as indentation'],
  ['a bracket that is not closed', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\n---\n', /^4:1: Flow map .* must .* end with a }$/],
  ['a key that is given twice', 'apiVersion: v1\nkind: ConfigMap\nkind: Secret\nmetadata: {name: a}\n', '3:1: Map keys must be unique'],
  ['the second document', `${MAP}---\nfoo: [1\n`, /^6:1: Flow sequence/],
  ['another thing', `${MAP}---\nfoo: 1\n`, `5: ${NOT_ONE}`],
  ['words', 'just words\n', `1: ${NOT_ONE}`],
  ['no metadata', 'apiVersion: v1\nkind: ConfigMap\nmetadata: null\n', `1: ${NOT_ONE}`],
  ['a list of other things', `${MAP}---\napiVersion: v1\nkind: List\nmetadata: {}\nitems: [1, null]\n`, `5: items[0] is ${NOT_ONE}`],
  ['an alias of nothing', `${MAP}data: *x\n`, /^1:1: Unresolved alias/],
  ['a value in itself', `${MAP}data: &d {<<: *d, x: y}\n`, /^1:1: /],
  ['a list in itself', `${MAP}data: &d [*d]\n`, '1:1: a value refers to itself'],
  ['aliases without end', `${['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key, index, all) => `${key}: &${key} [${Array.from({ length: 9 }, () => (index === 0 ? 'x' : `*${all[index - 1] ?? ''}`)).join(',')}]`).join('\n')}\n`, /^1:1: Excessive alias count/],
];

for (const [name, text, complaint] of UNREADABLE) {
  test(`can not be read: ${name}`, async () => {
    const file = folder.file('wrong.yaml', text);
    const read = await readManifests([file]);
    assert.ok(!read.ok, JSON.stringify(read));
    assert.ok(read.error.startsWith(`${file}:`), read.error);
    const told = read.error.slice(file.length + 1);
    if (typeof complaint === 'string') assert.equal(told, complaint);
    else assert.match(told, complaint);
  });
}

test('a file that is too large is not read', async () => {
  const read = await readManifests([folder.file('large.yaml', 'x'.repeat(17 * 1024 * 1024))]);
  assert.deepEqual(read, { ok: false, error: `${folder.path}/large.yaml: is larger than 16 MiB` });
});

const REFUSED: readonly (readonly [name: string, text: string, complaint: RegExp])[] = [
  ['unknown fields', ROLLOUT('replicaz: 3, strategy: {canary: {stepz: []}}'), /^1: Rollout a: .*strict decoding error: .*unknown field "spec\.replicaz", .*unknown field "spec\.strategy\.canary\.stepz"/],
  ['wrong types', ROLLOUT('replicas: three, strategy: {canary: {steps: [{setWeight: "20"}]}}'), /^1: Rollout a: .*spec\.replicas in body must be of type integer: "string", .*steps\[0\]\.setWeight in body must be of type integer/],
  ['an unknown kind', 'apiVersion: foo/v1\nkind: Bar\nmetadata: {name: a}\n', /^1: the server does not know the kind Bar in foo\/v1$/],
  ['an unknown version', ROLLOUT('').replace('v1alpha1', 'v1'), /^1: the server does not know the kind Rollout in argoproj\.io\/v1$/],
  ['no name', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n', /^1: ConfigMap \(without a name\): .*name or generateName is required/],
  ['a namespace that is not there', MAP.replace('name: a', 'name: a, namespace: nowhere'), /^1: ConfigMap a: namespaces "nowhere" not found$/],
  ['a name that is a number', MAP.replace('name: a', 'name: 5'), /^1: ConfigMap 5: .*cannot unmarshal number into Go struct field metadata\.name of type string$/],
];

test('refused by the server, with its reason', async () => {
  const { cluster, ...stage } = await openStage({ engine: false });
  await stage.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } }).catch(() => undefined);
  const lookup = createTypeLookup(cluster);
  for (const [name, text, complaint] of REFUSED) {
    const file = folder.file('refused.yaml', text);
    const read = await readManifests([file]);
    const [first] = read.ok ? read.value : [];
    assert.ok(first !== undefined, name);
    const made = await createObject(cluster, lookup, first, COMMAND_MANAGER);
    assert.ok(!made.ok, name);
    assert.match(made.error.slice(file.length + 1), complaint, name);
  }
  await stage.stop();
});
