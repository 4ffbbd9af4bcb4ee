// Every rule that a spec is held against, in the words that people search for: section 6.3 of the contract, rule by rule.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validate } from '../../../src/decide/rollout/validation/validate.js';
import { DNS_LABEL } from '../../../src/kinds/dns-label.js';
import type { BlueGreenStrategy, CanaryStep, CanaryStrategy, Rollout } from '../../../src/kinds/rollout.js';
import type { TrafficRouting } from '../../../src/kinds/traffic-routing.js';
import { aPass, aRollout, aService } from './fixture.js';

type Spec = Partial<Rollout['spec']>;

const SERVICES = ['a', 'b', 'ping', 'pong'].map((name) => aService(name, {}));
const ISTIO = { istio: { virtualService: { name: 'v' } } };
const NAMED = { stableService: 'a', canaryService: 'b' };
const ROUTED = { ...NAMED, trafficRouting: ISTIO };
const TURNS = { pingService: 'ping', pongService: 'pong' };

const expressions = (operator: string, values?: readonly string[]): Spec => ({ selector: { matchLabels: { app: 'shop' }, matchExpressions: [{ key: 'app', operator, ...(values === undefined ? {} : { values }) }] } });
const steps = (step: CanaryStep, canary: CanaryStrategy = ROUTED): Spec => ({ strategy: { canary: { ...canary, steps: [{ setWeight: 1 }, step] } } });
const canary = (strategy: CanaryStrategy): Spec => ({ strategy: { canary: strategy } });
const blueGreen = (strategy: Partial<BlueGreenStrategy>): Spec => ({ strategy: { blueGreen: { activeService: 'a', previewService: 'b', ...strategy } } });
const without = (trafficRouting: TrafficRouting): Spec => canary({ trafficRouting });
const managed = (step: CanaryStep, trafficRouting: TrafficRouting = ISTIO): Spec => steps(step, { ...NAMED, trafficRouting: { ...trafficRouting, managedRoutes: [{ name: 'r' }] } });
const header = (headerValue: { readonly exact?: string; readonly regex?: string; readonly prefix?: string }): CanaryStep => ({ setHeaderRoute: { name: 'r', match: [{ headerName: 'h', headerValue }] } });
const experiment = (weight?: number, fieldPath = 'metadata.name'): CanaryStep => ({
  experiment: {
    templates: [{ name: 't', specRef: 'canary', ...(weight === undefined ? {} : { weight }) }],
    analyses: [{ name: 'x', templateName: 'y', args: [{ name: 'z', valueFrom: { fieldRef: { fieldPath } } }] }],
  },
});
const container = { name: 'c', image: 'i' };
const template = (spec: Readonly<Record<string, unknown>>): Spec => ({ template: { metadata: { labels: { app: 'shop' } }, spec: { containers: [container], ...spec } } });

const SERVICES_MISSING = 'Canary service and Stable service must to be set to use Traffic Routing';
const HINT = 'Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause';
const DOWNWARD = 'Analyses arguments must refer to valid object metadata supported by downwardAPI';

const RULES: readonly (readonly [rule: string, spec: Spec, text: string])[] = [
  ['1 replicas', { replicas: -1 }, 'spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
  ['2 selector', { selector: undefined }, "spec.selector: Required value: Rollout has missing field '.spec.selector'"],
  ['2 selector empty', { selector: { matchLabels: {} } }, 'spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
  ['2 In without values', expressions('In'), "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"],
  ['2 Exists with values', expressions('Exists', ['x']), "spec.selector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"],
  ['4 operator', expressions('Like', ['x']), 'spec.selector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator'],
  ['5 labels', { selector: { matchLabels: { app: 'x' } } }, 'spec.template.metadata.labels: Invalid value: {"app":"shop"}: `selector` does not match template `labels`'],
  ['5 no containers', template({ containers: [] }), 'spec.template.spec.containers: Required value'],
  ['5 no name', template({ containers: [{ image: 'i' }] }), 'spec.template.spec.containers[0].name: Required value'],
  ['5 a name twice', template({ containers: [container, container] }), 'spec.template.spec.containers[1].name: Duplicate value: "c"'],
  ['5 a name in capitals', template({ containers: [{ name: 'Main', image: 'i' }] }), `spec.template.spec.containers[0].name: Invalid value: "Main": ${DNS_LABEL.text}`],
  ['5 a name too long', template({ containers: [{ name: 'c'.repeat(64), image: 'i' }] }), `spec.template.spec.containers[0].name: Invalid value: "${'c'.repeat(64)}": ${DNS_LABEL.text}`],
  ['5 a port beyond all', template({ containers: [{ ...container, ports: [{ containerPort: 80 }, { containerPort: 70_000 }] }] }), 'spec.template.spec.containers[0].ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive'],
  ['5 a mount of nothing', template({ volumes: [{ name: 'v' }], containers: [{ ...container, volumeMounts: [{ name: 'v', mountPath: '/v' }, { name: 'w', mountPath: '/w' }] }] }), 'spec.template.spec.containers[0].volumeMounts[1].name: Not found: "w"'],
  ['5 restartPolicy', template({ restartPolicy: 'Never' }), 'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
  ['5 activeDeadlineSeconds', template({ activeDeadlineSeconds: 5 }), 'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported'],
  ['6 minReadySeconds', { minReadySeconds: -1 }, 'spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0'],
  ['6 revisionHistoryLimit', { revisionHistoryLimit: -1 }, 'spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0'],
  ['6 progressDeadlineSeconds', { progressDeadlineSeconds: -1 }, 'spec.progressDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0'],
  ['6 both', { minReadySeconds: 600 }, 'spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds'],
  ['7 none', { strategy: {} }, "spec.strategy.strategy: Required value: Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'"],
  ['7 both', { strategy: { canary: {}, blueGreen: { activeService: 'a' } } }, 'spec.strategy.strategy: Invalid value: "blueGreen: true canary: true": Multiple Strategies can not be listed'],
  ['8 one Service', blueGreen({ previewService: 'a' }), 'spec.strategy.activeService: Invalid value: "a": This rollout uses the same service for the active and preview services, but two different services are required.'],
  ['8 limits', blueGreen({ scaleDownDelayRevisionLimit: 11 }), "spec.strategy.scaleDownDelayRevisionLimit: Invalid value: 11: This rollout's revision history limit can not be smaller than the rollout's scale down limit"],
  ['8 antiAffinity', blueGreen({ antiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: { weight: 101 } } }), 'spec.strategy.antiAffinity.weight: Invalid value: 101: AntiAffinity weight must be between 1-100'],
  ['9 no room', canary({ maxSurge: '0%', maxUnavailable: 0 }), 'spec.strategy.maxSurge: Invalid value: "0%": MaxSurge and MaxUnavailable both can not be zero'],
  ['9 one Service', canary({ canaryService: 'a', stableService: 'a' }), 'spec.strategy.stableService: Invalid value: "a": This rollout uses the same service for the stable and canary services, but two different services are required.'],
  ['9 pingPong router', canary({ ...NAMED, pingPong: TURNS, trafficRouting: { nginx: { stableIngress: 'i' } } }), 'spec.strategy.trafficRouting.alb: Invalid value: null: Ping-pong feature works with the ALB and Istio traffic routers only'],
  ['9 no ping', canary({ pingPong: { ...TURNS, pingService: '' }, trafficRouting: ISTIO }), 'spec.strategy.pingPong.pingService: Invalid value: "": Ping service and Pong service must to be set to use Ping-Pong feature'],
  ['9 no pong', canary({ pingPong: { ...TURNS, pongService: '' }, trafficRouting: ISTIO }), 'spec.strategy.pingPong.pongService: Invalid value: "": Ping service and Pong service must to be set to use Ping-Pong feature'],
  ['9 ping is pong', canary({ pingPong: { ...TURNS, pongService: 'ping' }, trafficRouting: ISTIO }), 'spec.strategy.pingPong.pingService: Invalid value: "ping": This rollout uses the same service for the ping and pong services, but two different services are required.'],
  ['9 rootService', canary({ pingPong: TURNS, trafficRouting: { alb: { ingress: 'i', servicePort: 80 } } }), 'spec.strategy.trafficRouting.alb.rootService: Invalid value: "": Root service field is required for the configuration with ALB and ping-pong feature enabled'],
  ...[without({ alb: { ingress: 'i', servicePort: 80 } }), without(ISTIO), without({ smi: {} }), without({ apisix: { route: { name: 'r' } } }), without({ nginx: { stableIngress: 'i' } }), without({ traefik: { weightedTraefikServiceName: 't' } })]
    .map((spec, index) => [`9 Services, router ${index + 1}`, spec, `spec.strategy.stableService: Invalid value: "": ${SERVICES_MISSING}`] as const),
  ['9 canaryService', canary({ stableService: 'a', trafficRouting: ISTIO }), `spec.strategy.canaryService: Invalid value: "": ${SERVICES_MISSING}`],
  ['9 delay', canary({ scaleDownDelaySeconds: 1 }), 'spec.strategy.scaleDownDelaySeconds: Invalid value: 1: Canary scaleDownDelaySeconds can only be used with traffic routing'],
  ['9 dynamic', canary({ dynamicStableScale: true }), 'spec.strategy.dynamicStableScale: Invalid value: true: Canary dynamicStableScale can only be used with traffic routing'],
  ['9 dynamic and delay', canary({ ...ROUTED, dynamicStableScale: true, scaleDownDelaySeconds: 1 }), 'spec.strategy.dynamicStableScale: Invalid value: true: Canary dynamicStableScale cannot be used with scaleDownDelaySeconds'],
  ['9 maxTrafficWeight', canary({ ...NAMED, trafficRouting: { ...ISTIO, maxTrafficWeight: 200 } }), 'spec.strategy.trafficRouting.maxTrafficWeight: Invalid value: 200: Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins'],
  ['9 two in one step', steps({ setWeight: 1, pause: {} }), `spec.strategy.steps[1]: Invalid value: "step.Experiment: false step.Pause: true step.SetWeight: true step.Analysis: false": ${HINT}`],
  ['9 setWeight', steps({ setWeight: -1 }), 'spec.strategy.steps[1].setWeight: Invalid value: -1: SetWeight needs to be between 0 and 100'],
  ['9 setWeight of more', steps({ setWeight: 301 }, { ...NAMED, trafficRouting: { nginx: { stableIngress: 'i' }, maxTrafficWeight: 300 } }), 'spec.strategy.steps[1].setWeight: Invalid value: 301: SetWeight needs to be between 0 and 300'],
  ['9 pause', steps({ pause: { duration: -1 } }), 'spec.strategy.steps[1].pause.duration: Invalid value: -1: Duration needs to be greater than 0'],
  ['9 setCanaryScale', steps({ setCanaryScale: { weight: 1 } }, {}), 'spec.strategy.trafficRouting: Required value: SetCanaryScale requires TrafficRouting to be set'],
  ['9 setHeaderRoute', steps({ setHeaderRoute: { name: 'r' } }, { ...NAMED, trafficRouting: { nginx: { stableIngress: 'i' } } }), 'spec.strategy.steps[1].setHeaderRoute: Invalid value: {"name":"r"}: SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix'],
  ['9 header of ALB', managed(header({ prefix: 'x' }), { alb: { ingress: 'i', servicePort: 80 } }), 'spec.strategy.steps[1].setHeaderRoute.match[0]: Invalid value: {"prefix":"x"}: SetHeaderRoute match value invalid. ALB supports \'exact\' value only'],
  ['9 header of two', managed(header({ exact: 'x', regex: 'y' })), 'spec.strategy.steps[1].setHeaderRoute.match[0]: Invalid value: {"exact":"x","regex":"y"}: StringMatch match value must have exactly one of the following: exact, regex, prefix'],
  ['9 header of none', managed(header({})), 'spec.strategy.steps[1].setHeaderRoute.match[0]: Invalid value: {}: StringMatch value missed, match value must have one of the following: exact, regex, prefix'],
  ['9 setHeaderRoute, its fields as a real server gives them back', steps({ setHeaderRoute: { match: [{ headerName: 'X-<b>', headerValue: { regex: '.*' } }], name: 'r' } }, { ...NAMED, trafficRouting: { nginx: { stableIngress: 'i' } } }), 'spec.strategy.steps[1].setHeaderRoute: Invalid value: {"name":"r","match":[{"headerName":"X-\\u003cb\\u003e","headerValue":{"regex":".*"}}]}: SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix'],
  ['9 setMirrorRoute', managed({ setMirrorRoute: { name: 'r' } }, { smi: {} }), 'spec.strategy.steps[1].setMirrorRoute: Invalid value: {"name":"r"}: SetMirrorRoute requires TrafficRouting, supports Istio only'],
  ['9 no managedRoutes', steps({ setMirrorRoute: { name: 'r' } }), "spec.strategy.trafficRouting.managedRoutes: Required value: Rollout has missing field 'spec.strategy.canary.trafficRouting.managedRoutes'"],
  ['9 a route that is none', managed({ setMirrorRoute: { name: 'q' } }), 'spec.strategy.steps[1].setMirrorRoute: Invalid value: "q": Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes'],
  ['9 experiment without a router', steps(experiment(5), {}), 'spec.strategy.steps[1].experiment.templates[0].weight: Invalid value: 5: Experiment template weight cannot be set unless TrafficRouting is enabled'],
  ['9 experiment with another router', steps(experiment(5), { ...NAMED, trafficRouting: { traefik: { weightedTraefikServiceName: 't' } } }),
    'spec.strategy.steps[1].experiment.templates[0].weight: Invalid value: 5: Experiment template weight is only available for TrafficRouting with SMI, ALB, Istio and Plugins at this time'],
  ['9 arguments', steps({ analysis: { args: [{ name: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.generation' } } }] } }), `spec.strategy.steps[1].analysis.args[0].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.generation": ${DOWNWARD}`],
  ['9 arguments of an experiment', steps(experiment(undefined, "metadata.labels['']")), `spec.strategy.steps[1].experiment.analyses[0].args[0].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.labels['']": ${DOWNWARD}`],
  ['9 antiAffinity of two', canary({ antiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {}, preferredDuringSchedulingIgnoredDuringExecution: { weight: 1 } } }),
    'spec.strategy.antiAffinity: Invalid value: "antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: true antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: true": AntiAffinity must have exactly one strategy listed'],
  ['9 antiAffinity of none', canary({ antiAffinity: {} }),
    'spec.strategy.antiAffinity: Invalid value: "antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: false antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: false": AntiAffinity must have exactly one strategy listed'],
];

for (const [rule, spec, text] of RULES) test(rule, () => assert.equal(validate(aPass(aRollout({ spec }), [], { services: SERVICES })), text));

const FINE: readonly (readonly [what: string, spec: Spec])[] = [
  ['quantities of nothing', { replicas: 0, minReadySeconds: 0, revisionHistoryLimit: 0 }],
  ['expressions', expressions('In', ['shop'])],
  ['a pause of no time', steps({ pause: { duration: 0 } })],
  ['an end at nothing', steps({ setWeight: 0 })],
  ['all of a larger whole', steps({ setWeight: 300 }, { ...NAMED, trafficRouting: { nginx: { stableIngress: 'i' }, maxTrafficWeight: 300 } })],
  ['subsets need no Services', without({ istio: { virtualService: { name: 'v' }, destinationRule: { name: 'd', canarySubsetName: 'c', stableSubsetName: 's' } } })],
  ['Services that take turns', canary({ pingPong: TURNS, trafficRouting: ISTIO })],
  ['a route that is taken away', managed({ setHeaderRoute: { name: 'r' } })],
  ['a preferred place', canary({ antiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: { weight: 100 } } })],
  ['a required place', blueGreen({ antiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } })],
  ['labels by name', steps({ analysis: { args: [{ name: 'x', valueFrom: { fieldRef: { fieldPath: "metadata.labels['team']" } } }] } })],
];

for (const [what, spec] of FINE) test(`fine: ${what}`, () => assert.equal(validate(aPass(aRollout({ spec }), [], { services: SERVICES })), undefined));
