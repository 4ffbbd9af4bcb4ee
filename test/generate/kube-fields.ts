// The field tables of built-in kinds, from the Go types that Kubernetes publishes, at the version that the tests' control plane is pinned to.
// The notation that is written is explained in src/kinds/field-notation.ts.

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { GoField, GoPackage } from './go-structs.js';
import { readGoPackage } from './go-structs.js';

/** Where each package stands; a struct of an earlier one keeps its name, one of a later one with the same name takes its package's words before it. */
const PACKAGES: readonly { readonly key: string; readonly module: string; readonly folder: string; readonly words: string }[] = [
  { key: 'meta/v1', module: 'k8s.io/apimachinery', folder: 'pkg/apis/meta/v1', words: 'Meta' },
  { key: 'core/v1', module: 'k8s.io/api', folder: 'core/v1', words: 'Core' },
  { key: 'apps/v1', module: 'k8s.io/api', folder: 'apps/v1', words: 'Apps' },
  { key: 'autoscaling/v2', module: 'k8s.io/api', folder: 'autoscaling/v2', words: 'Autoscaling' },
  { key: 'autoscaling/v1', module: 'k8s.io/api', folder: 'autoscaling/v1', words: 'OlderAutoscaling' },
  { key: 'batch/v1', module: 'k8s.io/api', folder: 'batch/v1', words: 'Batch' },
  { key: 'coordination.k8s.io/v1', module: 'k8s.io/api', folder: 'coordination/v1', words: 'Coordination' },
  { key: 'discovery.k8s.io/v1', module: 'k8s.io/api', folder: 'discovery/v1', words: 'Discovery' },
  { key: 'networking.k8s.io/v1', module: 'k8s.io/api', folder: 'networking/v1', words: 'Networking' },
  { key: 'policy/v1', module: 'k8s.io/api', folder: 'policy/v1', words: 'Policy' },
  { key: 'rbac.authorization.k8s.io/v1', module: 'k8s.io/api', folder: 'rbac/v1', words: 'Rbac' },
  { key: 'authorization.k8s.io/v1', module: 'k8s.io/api', folder: 'authorization/v1', words: 'Authorization' },
  { key: 'authentication.k8s.io/v1', module: 'k8s.io/api', folder: 'authentication/v1', words: 'Authentication' },
  { key: 'apiextensions.k8s.io/v1', module: 'k8s.io/apiextensions-apiserver', folder: 'pkg/apis/apiextensions/v1', words: 'Apiextensions' },
];

/** What the embedded server stores or answers, by package. */
const KINDS: Readonly<Record<string, string>> = {
  'meta/v1': 'DeleteOptions',
  'core/v1': 'Namespace Pod PodTemplate Service Endpoints ConfigMap Secret ServiceAccount Event Node ResourceQuota Binding',
  'apps/v1': 'Deployment ReplicaSet',
  'autoscaling/v2': 'HorizontalPodAutoscaler',
  'autoscaling/v1': 'HorizontalPodAutoscaler Scale',
  'batch/v1': 'Job',
  'coordination.k8s.io/v1': 'Lease',
  'discovery.k8s.io/v1': 'EndpointSlice',
  'networking.k8s.io/v1': 'Ingress IngressClass',
  'policy/v1': 'PodDisruptionBudget Eviction',
  'rbac.authorization.k8s.io/v1': 'Role RoleBinding ClusterRole ClusterRoleBinding',
  'authorization.k8s.io/v1': 'SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview LocalSubjectAccessReview',
  'authentication.k8s.io/v1': 'SelfSubjectReview TokenRequest TokenReview',
  'apiextensions.k8s.io/v1': 'CustomResourceDefinition',
};

/** Types of Go that are one value in JSON. */
const VALUES: Readonly<Record<string, string>> = {
  string: 's',
  int: 'l',
  int32: 'i',
  int64: 'l',
  float64: 'n',
  bool: 'b',
  'meta/v1.Time': 'T',
  'meta/v1.MicroTime': 'MT',
  'meta/v1.FieldsV1': 'any',
  'types.UID': 's',
  'types.NodeName': 's',
  'resource.Quantity': 'Q',
  'intstr.IntOrString': 'IS',
  'runtime.RawExtension': 'any',
  'apiextensions.k8s.io/v1.JSON': 'any',
  'apiextensions.k8s.io/v1.JSONSchemaURL': 's',
  // A schema holds schemas: as a type it would have no end.
  'apiextensions.k8s.io/v1.JSONSchemaProps': 'any<JSONSchemaProps>',
  'apiextensions.k8s.io/v1.JSONSchemaPropsOrBool': 'any<JSONSchemaPropsOrBool>',
  'apiextensions.k8s.io/v1.JSONSchemaPropsOrArray': 'any<JSONSchemaPropsOrArray>',
  'apiextensions.k8s.io/v1.JSONSchemaPropsOrStringArray': 'any<JSONSchemaPropsOrStringArray>',
};

const IMPORTS: Readonly<Record<string, string>> = { metav1: 'meta/v1', v1: 'core/v1', corev1: 'core/v1' };

type Loaded = ReadonlyMap<string, GoPackage>;

type StructRef = readonly [packageKey: string, struct: string];

type Tables = ReadonlyMap<string, string>;

export type KubeFields = {
  /** Of the published types. */
  readonly version: string;
  readonly podTemplate: Tables;
  /** All but those of pod templates. */
  readonly others: Tables;
  /** The struct of each kind, by "apiVersion/kind". */
  readonly kinds: Tables;
};

/** Undefined where Go, or its copy of the published types, is not at hand. `module` is the folder of the go.mod that pins their version. */
export function readKubeFields(module: string): KubeFields | undefined {
  const folders = new Map<string, string>();
  let version = '';
  for (const name of new Set(PACKAGES.map((each) => each.module))) {
    const { status, stdout } = spawnSync('go', ['mod', 'download', '-json', name], { cwd: module, encoding: 'utf8' });
    if (status !== 0) return undefined;
    const { Dir, Version } = JSON.parse(stdout) as { readonly Dir: string; readonly Version: string };
    folders.set(name, Dir);
    version = Version;
  }
  const loaded: Loaded = new Map(PACKAGES.map(({ key, module: name, folder }) => [key, readGoPackage(path.join(folders.get(name) ?? '', folder))]));
  const podTemplate = closure(loaded, [['core/v1', 'PodTemplateSpec']], new Map());
  const roots = Object.entries(KINDS).flatMap(([key, kinds]) => kinds.split(' ').map((kind): StructRef => [key, kind]));
  const others = closure(loaded, [...roots, ['apiextensions.k8s.io/v1', 'JSONSchemaProps']], podTemplate);
  const kinds = new Map(roots.map(([key, kind]) => [`${/^(core|meta)\//.test(key) ? 'v1' : key}/${kind}`, nameOf(loaded, key, kind)]));
  return { version, podTemplate, others, kinds };
}

/** The tables of these structs and of all that they hold, but for those already made. */
function closure(loaded: Loaded, roots: readonly StructRef[], made: Tables): Tables {
  const tables = new Map<string, string>();
  const queue = [...roots];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const name = nameOf(loaded, ...next);
    if (made.has(name) || tables.has(name)) continue;
    const { text, holds } = tableOf(loaded, next);
    tables.set(name, text);
    queue.push(...holds);
  }
  return tables;
}

function nameOf(loaded: Loaded, key: string, struct: string): string {
  const owner = PACKAGES.find((each) => loaded.get(each.key)?.structs.has(struct) === true);
  return owner === undefined || owner.key === key ? struct : `${PACKAGES.find((each) => each.key === key)?.words ?? ''}${struct}`;
}

function tableOf(loaded: Loaded, [key, struct]: StructRef): { readonly text: string; readonly holds: readonly StructRef[] } {
  const fields = loaded.get(key)?.structs.get(struct);
  if (fields === undefined) throw new Error(`${key} has no struct ${struct}`);
  const holds: StructRef[] = [];
  let last = 0;
  const tokens = fields.map((field) => {
    // apiVersion and kind stand in the envelope of a protobuf message, not in it.
    if (field.number === undefined && field.type.endsWith('TypeMeta')) return 'apiVersion=0 kind=0';
    const number = field.number ?? 0;
    const mark = number === last + 1 ? '' : `=${number}`;
    last = number;
    const type = notationOf(loaded, key, field.type.replace(/^\*/, ''), holds);
    if (field.name === '') return `<${type}>${mark}`;
    const pointer = field.type.startsWith('*') ? '*' : '';
    const text = pointer === '' && type === 's' ? '' : `:${pointer}${type}`;
    return `${field.name}${mark}${text}${presence(field, pointer === '' && /^\w{3,}$/.test(type) && type !== 'any')}${listMarks(field)}`;
  });
  return { text: tokens.join(' '), holds };
}

function notationOf(loaded: Loaded, key: string, type: string, holds: StructRef[]): string {
  if (type === '[]byte') return 'y';
  if (type.startsWith('[]')) return `[]${notationOf(loaded, key, type.slice(2).replace(/^\*/, ''), holds)}`;
  const map = /^map\[[\w.]+\](.+)$/.exec(type)?.[1];
  if (map !== undefined) return `{}${notationOf(loaded, key, map, holds)}`;
  const [left = '', right] = type.split('.');
  const home = right === undefined ? key : (IMPORTS[left] ?? left);
  const name = right ?? left;
  const value = VALUES[`${home}.${name}`] ?? (right === undefined ? VALUES[name] : undefined);
  if (value !== undefined) return value;
  const alias = loaded.get(home)?.aliases.get(name);
  if (alias !== undefined) return notationOf(loaded, home, alias, holds);
  holds.push([home, name]);
  return nameOf(loaded, home, name);
}

/** `omitempty` leaves out no struct: Go has no empty one. */
function presence(field: GoField, isStruct: boolean): string {
  if (field.omitted === 'zero' || (field.omitted === 'empty' && !isStruct)) return '';
  return field.optional || field.omitted === 'empty' ? '~' : '!';
}

/** As field-notation.ts explains; a list without keys of its own is replaced whole. */
function listMarks(field: GoField): string {
  const retain = field.patchStrategy.includes('retainKeys') ? '+retain' : '';
  const merged = field.patchStrategy.includes('merge');
  const keys = field.listType === 'map' ? field.listMapKeys : field.listType === 'set' ? [] : undefined;
  if (!merged && retain !== '') return `@${retain}`;
  if (merged && keys === undefined) return `@^${field.patchMergeKey ?? ''}${retain}`;
  if (!merged && keys !== undefined) return `@=${keys.join(',')}`;
  if (keys === undefined) return '';
  const first = field.patchMergeKey;
  return `@${(first === undefined ? keys : [first, ...keys.filter((each) => each !== first)]).join(',')}${retain}`;
}

const WIDTH = 160;

/** The two files of tables. */
export function kubeFieldFiles({ version, podTemplate, others, kinds }: KubeFields): readonly { readonly file: string; readonly text: string }[] {
  const source = `// generated by \`npm run generate\` from the Go types that Kubernetes publishes, ${version}; the notation is explained in field-notation.ts.`;
  const record = (name: string, tables: Tables): string => `export const ${name}: Readonly<Record<string, string>> = {\n${[...tables].map(entry).join('')}};\n`;
  const inOrder = 'Every field of a pod template, in the order in which Go writes it: the pod-template hash is taken over that text.';
  return [
    { file: 'src/kinds/pod-template-fields.ts', text: `${source}\n\n/** ${inOrder} */\n${record('POD_TEMPLATE_FIELDS', podTemplate)}` },
    {
      file: 'src/kinds/built-in-fields.ts',
      text:
        `${source}\n\n/** The fields of the built-in kinds, beside those of pod templates. */\n${record('BUILT_IN_FIELDS', others)}\n` +
        `/** The struct of each kind, by apiVersion and kind. */\n${record('KIND_STRUCTS', kinds)}`,
    },
  ];
}

function entry([name, table]: readonly [string, string]): string {
  const key = /^\w+$/.test(name) ? name : `'${name}'`;
  const line = `  ${key}: '${table}',`;
  if (line.length <= WIDTH) return `${line}\n`;
  if (table.length + 7 <= WIDTH) return `  ${key}:\n    '${table}',\n`;
  const lines: string[] = [];
  for (const token of table.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + token.length + 5 < WIDTH) lines[lines.length - 1] = `${last} ${token}`;
    else lines.push(token);
  }
  return `  ${key}: \`\n${lines.map((each) => `    ${each}`).join('\n')}\`,\n`;
}
