// What a rollout leaves behind in an Ingress of ALB: an action that still splits between its versions, and header routes.

import type { KubeObject } from '../../kinds/kube-object.js';
import { refOf } from '../../kinds/object-ref.js';
import { INGRESS } from '../../kinds/resource-type.js';
import type { Change } from '../../kinds/change.js';
import type { Rollout } from '../../kinds/rollout.js';
import { recordOf, recordsOf, writeChange } from '../objects.js';
import type { Fields } from '../objects.js';
import { forwardTo, managedKeys, MANAGED_ACTIONS, MANAGED_ANNOTATIONS, managedText, portOf } from './annotations.js';
import { albRefs } from './settings.js';

const ACTION = /^(.*)\/actions\.(.+)$/;
const CONDITIONS = /^.*\/conditions\.(.+)$/;

/** The rollouts that have annotations in it. */
export function ingressManagers({ metadata }: KubeObject): readonly string[] {
  return [...managedKeys(metadata.annotations?.[MANAGED_ANNOTATIONS]).keys()];
}

/** All requests go to the Service that the action is named after. `manager` is the rollout of that name, if it still exists. */
export function releaseIngress(object: KubeObject, name: string, manager: Rollout | undefined): readonly Change[] {
  const keys = managedKeys(object.metadata.annotations?.[MANAGED_ANNOTATIONS]).get(name);
  const uses = manager?.spec.strategy?.canary?.trafficRouting?.alb !== undefined && albRefs(manager).some((ref) => ref.name === object.metadata.name);
  if (keys === undefined || uses) return [];
  const headerRoutes = new Set(keys.map((key) => CONDITIONS.exec(key)?.[1]).filter((route) => route !== undefined));
  const { [MANAGED_ACTIONS]: _, ...annotations } = { ...object.metadata.annotations };
  for (const key of keys) {
    const service = ACTION.exec(key)?.[2];
    const port = portOf(annotations[key]);
    if (service === undefined || headerRoutes.has(service)) delete annotations[key];
    else if (port !== undefined) annotations[key] = forwardTo(service, port);
  }
  const rest = managedText(annotations[MANAGED_ANNOTATIONS], name, []);
  if (rest === '{}') delete annotations[MANAGED_ANNOTATIONS];
  else annotations[MANAGED_ANNOTATIONS] = rest;
  const spec = recordOf(object['spec']);
  const rules = recordsOf(spec['rules']).map((rule) => withoutPaths(rule, headerRoutes));
  const after = { ...object, metadata: { ...object.metadata, annotations }, spec: { ...spec, ...(spec['rules'] === undefined ? {} : { rules }) } };
  const change = writeChange(refOf(INGRESS, object), object, after, `rollout ${name} no longer manages Ingress ${object.metadata.name}`);
  return change === undefined ? [] : [change];
}

function withoutPaths(rule: Fields, gone: ReadonlySet<string>): Fields {
  const http = recordOf(rule['http']);
  const paths = recordsOf(http['paths']);
  const kept = paths.filter((path) => !gone.has(String(recordOf(recordOf(path['backend'])['service'])['name'])));
  return kept.length === paths.length ? rule : { ...rule, http: { ...http, paths: kept } };
}
