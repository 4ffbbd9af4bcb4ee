// Rollouts in whose life a person meddles at every moment: one for each strategy and router form, with every kind of step and delay.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import { byHosts, bySubsets, destinationRule, hostRoute, HOSTS, rollout, service, SERVICES, SUBSETS, subsetRoute, template, virtualService } from '../faults/manifests.js';

type Fields = Readonly<Record<string, unknown>>;

export type Tale = {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  /** How the release goes on when nobody meddles: to its end, or aborted at the gate of that number. */
  readonly endings: readonly ('promoted' | number)[];
};

const measure = { templates: [{ templateName: 'rate' }] };
const RATE = template('rate', { interval: '2s', count: 2 });
const ENDLESS = template('endless', { interval: '5s', count: undefined, failureLimit: 3 });
const HEADER = { setHeaderRoute: { name: 'testers', match: [{ headerName: 'x-test', headerValue: { exact: 'yes' } }] } };
const MIRROR = { setMirrorRoute: { name: 'copy', percentage: 20, match: [{ path: { prefix: '/' } }] } };
const MANAGED = { ...HOSTS, trafficRouting: { managedRoutes: [{ name: 'testers' }, { name: 'copy' }], istio: { virtualService: { name: 'cart', routes: ['primary'] } } } };

const experiment = (weight?: number): Fields => ({
  experiment: {
    duration: '6s',
    scaleDownDelaySeconds: 3,
    templates: [{ name: 'base', specRef: 'stable', replicas: 1, ...(weight === undefined ? {} : { weight }) }, { name: 'trial', specRef: 'canary', replicas: 1, ...(weight === undefined ? {} : { weight }) }],
    analyses: [{ name: 'cmp', templateName: 'rate', requiredForCompletion: true }],
  },
});

const blueGreen = (strategy: Fields): readonly KubeObject[] => [
  RATE, service('cart-live'), service('cart-look'),
  rollout({}, { replicas: 3, strategy: { blueGreen: { activeService: 'cart-live', previewService: 'cart-look', ...strategy } } }),
];

const PING_PONG = { pingPong: { pingService: 'cart-ping', pongService: 'cart-pong' }, trafficRouting: { istio: { virtualService: { name: 'cart', routes: ['primary'] } } } };

export const TALES: readonly Tale[] = [
  {
    name: 'canary by replicas',
    objects: [RATE, rollout({ steps: [{ setWeight: 25 }, { pause: {} }, { analysis: measure }, { setWeight: 50 }, { pause: { duration: 5 } }, { experiment: experiment()['experiment'] }, { pause: {} }] })],
    endings: ['promoted', 1],
  },
  {
    name: 'canary by replicas, back within the rollback window',
    objects: [rollout({ steps: [{ setWeight: 25 }, { pause: {} }] }, { rollbackWindow: { revisions: 2 } })],
    endings: ['promoted'],
  },
  {
    name: 'Istio hosts with fixed scale, header and mirror routes and a background analysis',
    objects: [
      RATE, ENDLESS, ...SERVICES, virtualService(hostRoute()),
      rollout({
        ...MANAGED,
        steps: [{ setCanaryScale: { replicas: 1 } }, HEADER, { setWeight: 20 }, { pause: {} }, { analysis: measure }, MIRROR, { setCanaryScale: { matchTrafficWeight: true } }, { setWeight: 60 }, { pause: {} }],
        analysis: { templates: [{ templateName: 'endless' }], startingStep: 2 },
        abortScaleDownDelaySeconds: 12,
        scaleDownDelaySeconds: 10,
      }),
    ],
    endings: ['promoted', 1],
  },
  {
    name: 'Istio hosts, dynamic stable scale, a minimum of pods and an abort delay',
    objects: byHosts({ steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 75 }, { pause: { duration: 4 } }, { pause: {} }], dynamicStableScale: true, minPodsPerReplicaSet: 2, abortScaleDownDelaySeconds: 10 }),
    endings: ['promoted', 1],
  },
  {
    name: 'Istio hosts, dynamic stable scale without a delay',
    objects: byHosts({ steps: [{ setWeight: 50 }, { pause: {} }], dynamicStableScale: true }, { replicas: 6 }),
    endings: ['promoted', 0],
  },
  {
    name: 'Istio subsets with an experiment that gets traffic',
    objects: [RATE, service('cart'), destinationRule('stable', 'canary'), virtualService(subsetRoute), rollout({ ...SUBSETS, steps: [{ setWeight: 10 }, experiment(5), { setWeight: 40 }, { pause: {} }] })],
    endings: ['promoted', 0],
  },
  {
    name: 'Istio hosts that take turns',
    objects: [service('cart-ping'), service('cart-pong'), virtualService(hostRoute('primary', 'cart-pong', 'cart-ping')), rollout({ ...PING_PONG, steps: [{ setWeight: 30 }, { pause: {} }] })],
    endings: ['promoted', 0],
  },
  { name: 'Istio subsets without steps', objects: bySubsets({ steps: [] }), endings: ['promoted'] },
  {
    name: 'blue-green by time, a small preview and both analyses',
    objects: blueGreen({ autoPromotionSeconds: 6, previewReplicaCount: 1, prePromotionAnalysis: measure, postPromotionAnalysis: measure, scaleDownDelaySeconds: 10, abortScaleDownDelaySeconds: 8 }),
    endings: ['promoted', 0],
  },
  {
    name: 'blue-green by hand',
    objects: blueGreen({ autoPromotionEnabled: false, scaleDownDelaySeconds: 8 }),
    endings: ['promoted', 0],
  },
];
