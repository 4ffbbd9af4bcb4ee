// The CustomResourceDefinitions of the routing kinds that come with other people's products, so that rollouts with any router run on the
// embedded cluster at once. They take any field: whoever wants those of a product checked applies its real definition, which takes their place.

import type { KubeObject } from './kube-object.js';
import { STAND_IN } from './labels.js';
import { BUILT_IN_TYPES, DESTINATION_RULE, VIRTUAL_SERVICE } from './resource-type.js';
import type { ResourceType } from './resource-type.js';
import { ROUTE_TYPES } from './route-types.js';

export function routeDefinitions(): readonly KubeObject[] {
  const name = ({ group, plural }: ResourceType): string => `${plural}.${group}`;
  const served = new Set([...BUILT_IN_TYPES, VIRTUAL_SERVICE, DESTINATION_RULE].map(name));
  return ROUTE_TYPES.filter((type) => !served.has(name(type))).map(({ group, version, kind, plural, singular, shortNames, categories }) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    // A real server asks this of all groups below k8s.io.
    metadata: { name: `${plural}.${group}`, annotations: { 'api-approved.kubernetes.io': 'unapproved', [STAND_IN]: 'true' } },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind,
        plural,
        singular,
        listKind: `${kind}List`,
        ...(shortNames.length > 0 ? { shortNames } : {}),
        ...(categories.length > 0 ? { categories } : {}),
      },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
    },
  }));
}
