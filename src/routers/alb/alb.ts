// AWS ALB: an annotation of an Ingress says how one of its backends is really several; header routes are further backends of that sort.

import type { Note } from '../../kinds/change.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { ObjectRef } from '../../kinds/object-ref.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { ManagedRoute, Route, RouteProblem, Traffic } from '../../kinds/traffic.js';
import { absent, findObject, includes, notFound, recordOf, recordsOf, routeProblem, sharesOf, writeChange } from '../objects.js';
import type { Fields } from '../objects.js';
import type { PlannedChange, Router } from '../router.js';
import { actionKey, actionText, conditionsKey, MANAGED_ANNOTATIONS, managedText, readAction, withHeaderAnnotations } from './annotations.js';
import { albOf, albProblem, albRefs } from './settings.js';
import type { AlbSettings } from './settings.js';

/** The port of a backend that stands for an annotation. */
const BY_ANNOTATION = 'use-annotation';

export const alb: Router = { name: 'alb', needs: albRefs, read, plan };

type Found = { readonly ref: ObjectRef; readonly object: KubeObject };

function find(rollout: Rollout, objects: readonly KubeObject[]): readonly Found[] | RouteProblem {
  const problem = albProblem(rollout);
  if (problem !== undefined) return problem;
  const { actionService, field } = albOf(rollout);
  const found: Found[] = [];
  for (const ref of albRefs(rollout)) {
    const object = findObject(objects, ref);
    if (object === undefined) return absent(routeProblem(field, ref.name, notFound(ref)));
    if (!rulesOf(object).some((rule) => pathsOf(rule).some((path) => backendName(path) === actionService))) {
      return routeProblem(field, ref.name, `ingress \`${ref.name}\` has no rules using service ${actionService} backend`);
    }
    found.push({ ref, object });
  }
  return found;
}

const rulesOf = (ingress: KubeObject): readonly Fields[] => recordsOf(recordOf(ingress['spec'])['rules']);
const pathsOf = (rule: Fields): readonly Fields[] => recordsOf(recordOf(rule['http'])['paths']);
const backendName = (path: Fields): unknown => recordOf(recordOf(path['backend'])['service'])['name'];

function read(rollout: Rollout, objects: readonly KubeObject[]): Route | RouteProblem {
  const found = find(rollout, objects);
  if ('type' in found) return found;
  const settings = albOf(rollout);
  const splits = found.map(({ ref, object }) => readAction(settings, ref.name, object.metadata.annotations?.[actionKey(settings, settings.actionService)]));
  return { type: 'route', router: 'alb', splits, referencedHashes: [] };
}

function plan(rollout: Rollout, objects: readonly KubeObject[], traffic: Traffic): readonly PlannedChange[] | RouteProblem {
  const found = find(rollout, objects);
  return 'type' in found ? found : found.flatMap((ingress) => planIngress(rollout, ingress, traffic));
}

function planIngress(rollout: Rollout, { ref, object }: Found, traffic: Traffic): readonly PlannedChange[] {
  const settings = albOf(rollout);
  const before = object.metadata.annotations ?? {};
  const key = actionKey(settings, settings.actionService);
  const action = actionText(settings, sharesOf(settings.services, traffic).weights);
  const withRoutes = withHeaderAnnotations(before, settings, traffic.managedRoutes);
  const routeKeys = settings.managed
    .flatMap((name) => [actionKey(settings, name), conditionsKey(settings, name)])
    .filter((each) => withRoutes[each] !== undefined);
  const annotations = {
    ...withRoutes,
    [key]: action,
    [MANAGED_ANNOTATIONS]: managedText(before[MANAGED_ANNOTATIONS], rollout.metadata.name, [key, ...routeKeys]),
  };
  const promised = traffic.managedRoutes;
  const rules = promised === 'keep' ? rulesOf(object) : rulesOf(object).map((rule) => withHeaderPaths(rule, settings.managed, promised));
  const after = { ...object, metadata: { ...object.metadata, annotations }, spec: { ...recordOf(object['spec']), rules } };
  const change = writeChange(ref, object, after, `Ingress ${ref.name} sends ${traffic.weight} of ${traffic.maxWeight} to the canary`);
  if (change === undefined) return [];
  return [
    {
      change,
      notes: [...(before[key] === action ? [] : [note(ref, `to desiredWeight '${traffic.weight}'`)]), ...routeNotes(ref, settings, before, annotations)],
    },
  ];
}

function routeNotes(ref: ObjectRef, settings: AlbSettings, before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): readonly Note[] {
  const changed = settings.managed.filter((name) => [actionKey(settings, name), conditionsKey(settings, name)].some((key) => before[key] !== after[key]));
  return changed.map((name) => note(ref, after[actionKey(settings, name)] === undefined ? 'removing managed routes' : `to headerRoute '${name}'`));
}

function note(ref: ObjectRef, what: string): Note {
  return { type: 'Normal', reason: 'PatchingALBIngress', message: `Updating Ingress \`${ref.name}\` ${what}` };
}

/** The paths of header routes first, in the order of managedRoutes; the controller takes the first that fits. */
function withHeaderPaths(rule: Fields, managed: readonly string[], wanted: readonly ManagedRoute[]): Fields {
  const paths = pathsOf(rule);
  const own = wanted
    .filter((route) => route.type === 'header' && route.match.length > 0)
    .map(({ name }): Fields => {
      const path = { path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name, port: { name: BY_ANNOTATION } } } };
      return paths.find((present) => includes(present, path)) ?? path;
    });
  const portOf = (path: Fields): unknown => recordOf(recordOf(recordOf(path['backend'])['service'])['port'])['name'];
  const isManaged = (path: Fields): boolean => managed.includes(String(backendName(path))) && portOf(path) === BY_ANNOTATION;
  const after = [...own, ...paths.filter((path) => !isManaged(path))];
  return after.length === paths.length && after.every((path, index) => path === paths[index])
    ? rule
    : { ...rule, http: { ...recordOf(rule['http']), paths: after } };
}
