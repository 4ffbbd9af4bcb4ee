// The CustomResourceDefinitions of Argo's five kinds and of the Istio kinds that split traffic.
// `npm run generate` writes them to crds/ for use with kubectl; the program makes them from the schemas, which is cheaper than reading them.

import { analysisRunSchema } from './analysis-run.js';
import { analysisTemplateSchema } from './analysis-template.js';
import { experimentSchema } from './experiment.js';
import { destinationRuleSchema } from './istio-destination-rule.js';
import { gatewaySchema, istioObject, virtualServiceSchema } from './istio-schemas.js';
import type { KubeObject } from './kube-object.js';
import {
  ANALYSIS_RUN,
  ANALYSIS_TEMPLATE,
  CLUSTER_ANALYSIS_TEMPLATE,
  DESTINATION_RULE,
  EXPERIMENT,
  GATEWAY,
  ROLLOUT,
  VIRTUAL_SERVICE,
} from './resource-type.js';
import type { ResourceType } from './resource-type.js';
import { rolloutSchema } from './rollout.js';
import type { StructuralSchema } from './structural-schema.js';

type Column = { readonly name: string; readonly type: string; readonly jsonPath: string; readonly description: string };

type Version = {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly schema: { readonly openAPIV3Schema: StructuralSchema };
  readonly subresources?: Readonly<Record<string, unknown>>;
  readonly additionalPrinterColumns: readonly Column[];
};

const AGE: Column = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Time since the object was created' };

const ROLLOUT_COLUMNS: readonly Column[] = [
  { name: 'Desired', type: 'integer', jsonPath: '.spec.replicas', description: 'Pods that are wanted' },
  { name: 'Current', type: 'integer', jsonPath: '.status.replicas', description: 'Pods that exist, of any revision' },
  { name: 'Up-to-date', type: 'integer', jsonPath: '.status.updatedReplicas', description: 'Pods of the newest revision' },
  { name: 'Available', type: 'integer', jsonPath: '.status.availableReplicas', description: 'Pods that have been ready for long enough' },
  AGE,
];

const PHASE: Column = { name: 'Status', type: 'string', jsonPath: '.status.phase', description: 'How far it has come' };

const ROLLOUT_SUBRESOURCES = {
  status: {},
  scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.HPAReplicas', labelSelectorPath: '.status.selector' },
};

function define(type: ResourceType, versions: readonly Version[]): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${type.plural}.${type.group}` },
    spec: {
      group: type.group,
      names: {
        kind: type.kind,
        listKind: `${type.kind}List`,
        plural: type.plural,
        singular: type.singular,
        shortNames: type.shortNames,
        ...(type.categories.length > 0 ? { categories: type.categories } : {}),
      },
      scope: type.namespaced ? 'Namespaced' : 'Cluster',
      conversion: { strategy: 'None' },
      versions,
    },
  };
}

// Only rollouts keep their status apart. That of the others is part of the object, as in Argo: their writers patch it there.
function defineArgo(type: ResourceType, openAPIV3Schema: StructuralSchema, columns: readonly Column[]): KubeObject {
  const subresources = type === ROLLOUT ? ROLLOUT_SUBRESOURCES : {};
  return define(type, [{ name: type.version, served: true, storage: true, schema: { openAPIV3Schema }, subresources, additionalPrinterColumns: columns }]);
}

const ISTIO_VERSIONS = ['v1alpha3', 'v1beta1', 'v1'] as const;

function defineIstio(type: ResourceType, spec: StructuralSchema, columns: readonly Column[]): KubeObject {
  const openAPIV3Schema = istioObject(spec);
  const common = { schema: { openAPIV3Schema }, subresources: { status: {} }, additionalPrinterColumns: columns };
  const version = (name: string): Version => ({ name, served: true, storage: name === type.version, ...common });
  return define(type, ISTIO_VERSIONS.map(version));
}

const VIRTUAL_SERVICE_COLUMNS: readonly Column[] = [
  { name: 'Gateways', type: 'string', jsonPath: '.spec.gateways', description: 'Gateways and sidecars that apply the routes' },
  { name: 'Hosts', type: 'string', jsonPath: '.spec.hosts', description: 'Hosts to which traffic is sent' },
  AGE,
];

const DESTINATION_RULE_COLUMNS: readonly Column[] = [
  { name: 'Host', type: 'string', jsonPath: '.spec.host', description: 'The service of the registry that the rule is for' },
  AGE,
];

/** What must be installed for Sluice's kinds to be served, in a fixed order. Equal parts are shared: the objects must not be changed. */
export function customResourceDefinitions(): readonly KubeObject[] {
  return [
    defineArgo(ROLLOUT, rolloutSchema.structural(), ROLLOUT_COLUMNS),
    defineArgo(ANALYSIS_TEMPLATE, analysisTemplateSchema.structural(), [AGE]),
    defineArgo(CLUSTER_ANALYSIS_TEMPLATE, analysisTemplateSchema.structural(), [AGE]),
    defineArgo(ANALYSIS_RUN, analysisRunSchema.structural(), [PHASE, AGE]),
    defineArgo(EXPERIMENT, experimentSchema.structural(), [PHASE, AGE]),
    defineIstio(VIRTUAL_SERVICE, virtualServiceSchema.structural(), VIRTUAL_SERVICE_COLUMNS),
    defineIstio(DESTINATION_RULE, destinationRuleSchema.structural(), DESTINATION_RULE_COLUMNS),
    defineIstio(GATEWAY, gatewaySchema.structural(), [AGE]),
  ];
}
