// A server for the tests of this folder: the real store with one custom kind, behind the real door.

import type { KubeObject } from '../../../src/kinds/kube-object.js';
import { systemClock } from '../../../src/lib/clock.js';
import type { Clock } from '../../../src/lib/clock.js';
import { createRng } from '../../../src/lib/rng.js';
import type { ApiStore } from '../../../src/apiserver/store/api.js';
import { createStore } from '../../../src/apiserver/store/store.js';
import type { HttpsDoor, HttpsDoorOptions } from '../../../src/apiserver/http/door.js';
import { startHttpsDoor } from '../../../src/apiserver/http/door.js';
import type { ReadLogs } from '../../../src/apiserver/http/pod-logs.js';

const whole = { type: 'integer', format: 'int32' };

/** A custom kind with all that a definition can ask of the server: columns, scale, status, short names. */
export const WIDGET_DEFINITION: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList', shortNames: ['wd'], categories: ['all'] },
    versions: [{
      name: 'v1',
      served: true,
      storage: true,
      subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector' } },
      additionalPrinterColumns: [
        { name: 'Wanted', type: 'integer', jsonPath: '.spec.replicas', description: 'How many there should be' },
        { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
        { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
        { name: 'Colour', type: 'string', jsonPath: '.spec.colour', priority: 1 },
        { name: 'Since', type: 'date', jsonPath: '.metadata.creationTimestamp' },
      ],
      schema: {
        openAPIV3Schema: {
          type: 'object',
          description: 'A thing to be tested with.',
          properties: {
            spec: {
              type: 'object',
              description: 'What is wanted.',
              properties: { replicas: { ...whole, description: 'How many there should be.' }, colour: { type: 'string', enum: ['red', 'blue'] } },
            },
            status: {
              type: 'object',
              properties: {
                phase: { type: 'string' }, replicas: whole, selector: { type: 'string' },
                conditions: { type: 'array', items: { type: 'object', properties: { type: { type: 'string' }, status: { type: 'string' } } } },
              },
            },
          },
        },
      },
    }],
  },
};

export type TestServer = { readonly store: ApiStore; readonly door: HttpsDoor };

async function* threeLines(): AsyncGenerator<string> {
  yield* ['one', 'two', 'three'];
}

type TestServerParts = { readonly readLogs?: ReadLogs; readonly clock?: Clock; readonly port?: number; readonly limits?: NonNullable<HttpsDoorOptions['limits']> };

export async function startTestServer(parts: TestServerParts = {}): Promise<TestServer> {
  const clock = parts.clock ?? systemClock;
  const store = createStore({ now: clock.now(), rng: createRng(7), definitions: [WIDGET_DEFINITION] });
  const { readLogs = threeLines, port = 0, limits } = parts;
  const door = await startHttpsDoor({ store, clock, readLogs, port, ...(limits === undefined ? {} : { limits }) });
  return { store, door };
}
