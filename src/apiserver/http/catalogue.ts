// What the server serves at this moment, looked up by path: the types of the store, with the subresources, schemas and
// printer columns that discovery, tables and OpenAPI need. Made anew when a CustomResourceDefinition changes.

import { builtInSchema } from '../../kinds/built-in-schemas.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { ResourceType } from '../../kinds/resource-type.js';
import { CUSTOM_RESOURCE_DEFINITION } from '../../kinds/resource-type.js';
import type { StructuralSchema } from '../../kinds/structural-schema.js';
import type { Instant } from '../../lib/instant.js';
import { isRecord } from '../../lib/deep.js';
import type { ApiStore, WatchHandle } from '../store/api.js';

export type Subresource = 'status' | 'scale' | 'log' | 'binding' | 'eviction' | 'token';

/** A row of `additionalPrinterColumns`. */
export type PrinterColumn = {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
  readonly jsonPath: string;
};

export type ServedType = {
  readonly type: ResourceType;
  readonly listKind: string;
  readonly custom: boolean;
  readonly subresources: readonly Subresource[];
  readonly schema: StructuralSchema | undefined;
  /** Undefined for built-in kinds (their tables are code), and for definitions that name none. */
  readonly printerColumns: readonly PrinterColumn[] | undefined;
};

export interface Catalogue {
  find(group: string, version: string, plural: string): ServedType | undefined;
  /** Whether anything is served in that version of the group. */
  serves(group: string, version: string): boolean;
  all(): readonly ServedType[];
  /** Grows whenever the answers of the others may have changed. */
  edition(): number;
  close(): void;
}

const BUILT_IN_SUBRESOURCES: Readonly<Record<string, readonly Subresource[]>> = {
  Namespace: ['status'],
  Pod: ['binding', 'eviction', 'log', 'status'],
  ServiceAccount: ['token'],
  Node: ['status'],
  ResourceQuota: ['status'],
  Job: ['status'],
  PodDisruptionBudget: ['status'],
  Ingress: ['status'],
  Service: ['status'],
  Deployment: ['scale', 'status'],
  ReplicaSet: ['scale', 'status'],
  HorizontalPodAutoscaler: ['status'],
  CustomResourceDefinition: ['status'],
};

export function createCatalogue(store: ApiStore, now: () => Instant): Catalogue {
  let edition = 1;
  let known: { readonly all: readonly ServedType[]; readonly byPath: ReadonlyMap<string, ServedType> } | undefined;
  let handle: WatchHandle | undefined;
  const follow = (): void => {
    const watch = store.watch({ type: CUSTOM_RESOURCE_DEFINITION, options: { resourceVersion: store.revision() } }, (event) => {
      known = undefined;
      edition += 1;
      if (event.type === 'ERROR') handle = undefined;
    });
    handle = watch.ok ? watch.value : undefined;
  };
  const current = (): NonNullable<typeof known> => {
    if (handle === undefined) {
      known = undefined;
      follow();
    }
    if (known === undefined) {
      const all = readServed(store, now());
      known = { all, byPath: new Map(all.map((served) => [pathKey(served.type.group, served.type.version, served.type.plural), served])) };
    }
    return known;
  };
  return {
    find: (group, version, plural) => current().byPath.get(pathKey(group, version, plural)),
    serves: (group, version) => current().all.some(({ type }) => type.group === group && type.version === version),
    all: () => current().all,
    edition: () => {
      current();
      return edition;
    },
    close: () => handle?.close(),
  };
}

const pathKey = (group: string, version: string, plural: string): string => `${group}/${version}/${plural}`;

function readServed(store: ApiStore, now: Instant): readonly ServedType[] {
  const listed = store.execute({ verb: 'list', type: CUSTOM_RESOURCE_DEFINITION, options: {} }, now);
  const definitions = listed.ok && Array.isArray(listed.value.object['items']) ? (listed.value.object['items'] as readonly KubeObject[]) : [];
  const custom = new Map(definitions.flatMap(customTypes));
  return store.types().map((type) => {
    const found = custom.get(pathKey(type.group, type.version, type.plural));
    if (found !== undefined) return { type, custom: true, ...found };
    return {
      type,
      listKind: `${type.kind}List`,
      custom: false,
      subresources: BUILT_IN_SUBRESOURCES[type.kind] ?? [],
      schema: builtInSchema(type),
      printerColumns: undefined,
    };
  });
}

type CustomType = Pick<ServedType, 'listKind' | 'subresources' | 'schema' | 'printerColumns'>;

function customTypes(definition: KubeObject): readonly (readonly [string, CustomType])[] {
  const spec = definition['spec'];
  if (!isRecord(spec) || !isRecord(spec['names']) || !Array.isArray(spec['versions'])) return [];
  const { group, names } = spec;
  const listKind = typeof names['listKind'] === 'string' && names['listKind'] !== '' ? names['listKind'] : `${String(names['kind'])}List`;
  return spec['versions'].filter(isRecord).map((version) => {
    const subresources = isRecord(version['subresources']) ? version['subresources'] : {};
    const schema = isRecord(version['schema']) ? (version['schema']['openAPIV3Schema'] as StructuralSchema | undefined) : undefined;
    return [
      pathKey(String(group), String(version['name']), String(names['plural'])),
      {
        listKind,
        subresources: (['scale', 'status'] as const).filter((name) => subresources[name] !== undefined),
        schema,
        printerColumns: printerColumns(version['additionalPrinterColumns']),
      },
    ] as const;
  });
}

function printerColumns(rows: unknown): readonly PrinterColumn[] | undefined {
  if (!Array.isArray(rows)) return undefined;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return rows.filter(isRecord).map((row) => ({
    name: text(row['name']),
    type: text(row['type']),
    format: text(row['format']),
    description: text(row['description']),
    priority: typeof row['priority'] === 'number' ? row['priority'] : 0,
    jsonPath: text(row['jsonPath']),
  }));
}
