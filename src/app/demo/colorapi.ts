// colorapi: weights by numbers of pods alone, and a web check that reads the canary's own status.

import { manifest, podTemplate, service } from './manifest.js';
import type { Scenario } from './scenario.js';

const NAMESPACE = 'default';
const APP = 'colorapi';
const IMAGE = 'particule/simplecolorapi';

export const colorapi: Scenario = {
  name: APP,
  namespace: NAMESPACE,
  rollout: APP,
  container: APP,
  images: { stable: `${IMAGE}:1.0`, good: `${IMAGE}:2.0`, bad: `${IMAGE}:3.0` },
  pace: 1,
  opening: { type: 'rest' },
  behaviours: {
    [`${IMAGE}:1.0`]: { answer: { color: 'red', status: 'ok' } },
    [`${IMAGE}:2.0`]: { answer: { color: 'blue', status: 'ok' } },
    [`${IMAGE}:3.0`]: { answer: { color: 'black', status: 'nok' } },
  },
  hosts: [{ namespace: NAMESPACE, name: APP }],
  summary: 'weights by pods alone, a web check with jsonPath',
  manifests: (times, addresses) => [
    service(NAMESPACE, APP, APP, 5000, '40rps'),
    manifest('argoproj.io/v1alpha1', 'AnalysisTemplate', 'webcheck', {
      namespace: NAMESPACE,
      spec: {
        args: [{ name: 'host', value: addresses.app(NAMESPACE, APP) }, { name: 'revision' }],
        metrics: [
          {
            name: 'webcheck',
            interval: times.span(5, 5),
            failureLimit: 1,
            successCondition: 'result == "ok"',
            provider: { web: { url: '{{args.host}}/version/{{args.revision}}', jsonPath: '{$.status}' } },
          },
        ],
      },
    }),
    manifest('argoproj.io/v1alpha1', 'Rollout', APP, {
      namespace: NAMESPACE,
      spec: {
        replicas: 5,
        revisionHistoryLimit: 2,
        selector: { matchLabels: { app: APP } },
        template: podTemplate(APP, { name: APP, image: `${IMAGE}:1.0`, imagePullPolicy: 'Always', ports: [{ name: 'web', containerPort: 5000 }] }),
        strategy: {
          canary: {
            analysis: {
              templates: [{ templateName: 'webcheck' }],
              // The web check needs a canary that answers.
              startingStep: 1,
              args: [{ name: 'revision', valueFrom: { podTemplateHashValue: 'Latest' } }],
            },
            steps: [{ setWeight: 20 }, { pause: times.pause(30) }, { setWeight: 50 }, { pause: times.pause(30) }],
          },
        },
      },
    }),
  ],
};
