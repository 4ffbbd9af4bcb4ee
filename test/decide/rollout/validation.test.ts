import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { validate } from '../../../src/decide/rollout/validation/validate.js';
import type { KnownPlugins } from '../../../src/decide/rollout/observed.js';
import type { CanaryStrategy, Rollout } from '../../../src/kinds/rollout.js';
import type { Service } from '../../../src/kinds/service.js';
import type { Route, RouteProblem } from '../../../src/kinds/traffic.js';
import { aPass, aRollout, aService } from './fixture.js';

const SERVICES = [aService('shop-stable', {}), aService('shop-canary', {})];
const NAMED = { canaryService: 'shop-canary', stableService: 'shop-stable' };

function problem(canary: CanaryStrategy, spec: Partial<Rollout['spec']> = {}, more: { readonly services?: readonly Service[]; readonly route?: Route | RouteProblem; readonly plugins?: KnownPlugins } = {}): string | undefined {
  return validate(aPass(aRollout({ canary, spec }), [], { services: SERVICES, ...more }));
}

const stepsOf = (...steps: NonNullable<CanaryStrategy['steps']>): CanaryStrategy => ({ steps });
const routed = (canary: CanaryStrategy): CanaryStrategy => ({ ...NAMED, trafficRouting: { istio: { virtualService: { name: 'shop' } } }, ...canary });

describe('a rollout that is fine', () => {
  it('without steps', () => assert.equal(problem({}), undefined));
  it('with all that this engine does', () => {
    assert.equal(problem(routed({ steps: [{ setWeight: 20 }, { pause: { duration: '1h' } }, { setCanaryScale: { replicas: 1 } }, { analysis: {} }] })), undefined);
  });
});

describe('the spec', () => {
  const image = { metadata: { labels: { app: 'shop' } }, spec: { containers: [{ name: 'main' }] } };
  const rows: readonly (readonly [name: string, canary: CanaryStrategy, spec: Partial<Rollout['spec']>, text: string])[] = [
    ['replicas', {}, { replicas: -1 }, 'spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    ['no selector', {}, { selector: undefined }, 'spec.selector: Required value: Rollout has missing field \'.spec.selector\''],
    ['an empty selector', {}, { selector: {} }, 'spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    ['another selector', {}, { selector: { matchLabels: { app: 'x' } } }, 'spec.template.metadata.labels: Invalid value: {"app":"shop"}: `selector` does not match template `labels`'],
    ['no image', {}, { template: image }, 'spec.template.spec.containers[0].image: Required value'],
    ['deadline', {}, { progressDeadlineSeconds: 5, minReadySeconds: 5 }, 'spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds'],
    ['no strategy', {}, { strategy: {} }, 'spec.strategy.strategy: Required value: Rollout has missing field \'.spec.strategy.canary or .spec.strategy.blueGreen\''],
    ['no room to move', { maxSurge: 0, maxUnavailable: '0%' }, {}, 'spec.strategy.maxSurge: Invalid value: 0: MaxSurge and MaxUnavailable both can not be zero'],
    ['a weight too high', stepsOf({ setWeight: 101 }), {}, 'spec.strategy.steps[0].setWeight: Invalid value: 101: SetWeight needs to be between 0 and 100'],
    ['a pause of words', stepsOf({ pause: { duration: 'soon' } }), {}, 'spec.strategy.steps[0].pause.duration: Invalid value: -1: Duration needs to be greater than 0'],
    ['a step of nothing', stepsOf({ setWeight: 1 }, {}), {}, 'spec.strategy.steps[1]: Invalid value: "step.Experiment: true step.Pause: true step.SetWeight: true step.Analysis: true step.SetCanaryScale: true '
      + 'step.SetHeaderRoute: true step.SetMirrorRoute: true step.Plugin: true": Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause'],
    ['a scale without a router', stepsOf({ setCanaryScale: { replicas: 1 } }), {}, 'spec.strategy.trafficRouting: Required value: SetCanaryScale requires TrafficRouting to be set'],
    ['a delay without a router', { scaleDownDelaySeconds: 3 }, {}, 'spec.strategy.scaleDownDelaySeconds: Invalid value: 3: Canary scaleDownDelaySeconds can only be used with traffic routing'],
    ['a router without Services', { trafficRouting: { istio: {} } }, {}, 'spec.strategy.stableService: Invalid value: "": Canary service and Stable service must to be set to use Traffic Routing'],
  ];
  for (const [name, canary, spec, text] of rows) it(name, () => assert.equal(problem(canary, spec), text));
});

describe('what the rollout refers to', () => {
  const foreign = { ...aService('shop-canary', {}), metadata: { name: 'shop-canary', annotations: { 'argo-rollouts.argoproj.io/managed-by-rollouts': 'other' } } };
  const route: RouteProblem = { type: 'route-problem', field: 'spec.x', value: 'shop', reason: 'no route' };
  const rows: readonly (readonly [name: string, canary: CanaryStrategy, more: Parameters<typeof problem>[2], text: string])[] = [
    ['a Service that is not there', NAMED, { services: SERVICES.slice(1) }, 'spec.strategy.canary.stableService: Invalid value: "shop-stable": service "shop-stable" not found'],
    ['a Service of other pods', NAMED, { services: [aService('shop-stable', { tier: 'x' })] }, 'spec.strategy.canary.stableService: Invalid value: "shop-stable": Service "shop-stable" has unmatch label "tier" in rollout'],
    ['a Service of another rollout', NAMED, { services: [SERVICES[0] ?? foreign, foreign] }, 'spec.strategy.canary.canaryService: Invalid value: "shop-canary": Service "shop-canary" is managed by another Rollout'],
    ['a template that is not there', stepsOf({ analysis: { templates: [{ templateName: 'rate' }] } }), {},
      'spec.strategy.canary.steps[0].analysis.templates: Invalid value: "rate": AnalysisTemplate \'rate\' not found'],
    ['a template of an experiment that is not there', stepsOf({ experiment: { templates: [], analyses: [{ name: 'a', templateName: 'rate' }] } }), {},
      'spec.strategy.canary.steps[0].experiment.analyses[0].templateName: Invalid value: "rate": AnalysisTemplate \'rate\' not found'],
    ['a route that can not be used', routed({}), { route }, 'spec.x: Invalid value: "shop": no route'],
  ];
  for (const [name, canary, more, text] of rows) it(name, () => assert.equal(problem(canary, {}, more), text));
  it('a blue-green Service that is not there', () => {
    const text = 'spec.strategy.blueGreen.activeService: Invalid value: "a": service "a" not found';
    assert.equal(problem({}, { strategy: { blueGreen: { activeService: 'a' } } }), text);
  });
});

describe('plugins that modules bring', () => {
  const known = { routers: ['acme/mesh'], metrics: ['acme/number'], steps: ['acme/wait'], problems: { 'acme/broken': '/m.mjs does not exist' } };
  const rows: readonly (readonly [name: string, canary: CanaryStrategy, reason: string | undefined])[] = [
    ['a router', { trafficRouting: { plugins: { 'acme/mesh': {} } } }, undefined],
    ['a step', stepsOf({ plugin: { name: 'acme/wait' } }), undefined],
    ['a step that is a router', stepsOf({ plugin: { name: 'acme/mesh' } }),
      "spec.strategy: Forbidden: this engine has no step plugin 'acme/mesh': Argo's plugins are Go programs; name a module for it in the settings (plugins) (steps[0])"],
    ['one that could not be loaded', stepsOf({ plugin: { name: 'acme/broken' } }), "spec.strategy: Forbidden: the step plugin 'acme/broken' can not be used: /m.mjs does not exist (steps[0])"],
  ];
  for (const [name, canary, reason] of rows) it(name, () => assert.equal(problem(canary, {}, { plugins: known }), reason));
});

describe('what this engine does not do yet', () => {
  const rows: readonly (readonly [name: string, canary: CanaryStrategy, reason: RegExp])[] = [
    ['plugins', stepsOf({ setWeight: 1 }, { plugin: { name: 'x' } }), /has no step plugin 'x': Argo's plugins are Go programs; name a module for it in the settings \(plugins\) \(steps\[1\]\)/],
    ['no router at all', { ...NAMED, trafficRouting: {} }, /names no router/],
    ['other router plugins', { ...NAMED, trafficRouting: { plugins: { 'acme/mesh': {} } } }, /has no router plugin 'acme\/mesh'/],
  ];
  for (const [name, canary, reason] of rows) it(name, () => assert.match(problem(canary) ?? '', reason));
});
