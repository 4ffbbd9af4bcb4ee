// The CustomResourceDefinitions of the routing kinds that come with other people's products: what they hold is not looked at.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import { BUILT_IN_TYPES, DESTINATION_RULE, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { ROUTE_TYPES } from '../../src/kinds/route-types.js';

export function routeDefinitions(): readonly KubeObject[] {
  const name = ({ group, plural }: ResourceType): string => `${plural}.${group}`;
  const served = new Set([...BUILT_IN_TYPES, VIRTUAL_SERVICE, DESTINATION_RULE].map(name));
  return ROUTE_TYPES.filter((type) => !served.has(name(type))).map(({ group, version, kind, plural, singular }) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    // A real server asks this of all groups below k8s.io.
    metadata: { name: `${plural}.${group}`, annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests only' } },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular, listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
    },
  }));
}
