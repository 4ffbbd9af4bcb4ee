// A server with many rollouts that nobody drives, and a hand that moves some of them: every change is one that a screen shows.

import { Agent } from 'node:https';
import { doorOf, open } from './door.js';
import { startServer, type TestServer } from './sluice.js';

export type BusyCluster = {
  readonly server: TestServer;
  /** Moves that many rollouts a second, one after the other, until it is told to stop. */
  change(perSecond: number): () => Promise<void>;
  stop(): Promise<void>;
};

export type BusyOptions = { readonly rollouts: number; readonly namespaces?: number };

const STEPS = 4;

const nameOf = (place: number): string => `service-${String(place).padStart(4, '0')}`;

function manifest(place: number, namespace: string): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: ${nameOf(place)}, namespace: ${namespace}}
spec:
  replicas: 1
  selector: {matchLabels: {app: s${place}}}
  template:
    metadata: {labels: {app: s${place}}}
    spec: {containers: [{name: main, image: "busy.test/s:1"}]}
  strategy: {canary: {steps: [{setWeight: 20}, {pause: {duration: 1h}}, {setWeight: 60}, {pause: {duration: 1h}}]}}
`;
}

/** At rest all are healthy; a change puts one to another step. */
function statusOf(turn: number): Readonly<Record<string, unknown>> {
  const step = turn % STEPS;
  const weight = step < 2 ? 20 : 60;
  return {
    phase: 'Progressing', message: 'more replicas need to be updated', currentStepIndex: step, currentPodHash: 'aaaa', stableRS: 'bbbb', observedGeneration: '1',
    canary: { weights: { canary: { weight, podTemplateHash: 'aaaa' }, stable: { weight: 100 - weight, podTemplateHash: 'bbbb' } } },
  };
}

export async function startBusyCluster({ rollouts, namespaces = 1 }: BusyOptions): Promise<BusyCluster> {
  const spaces = Array.from({ length: namespaces }, (_, place) => (namespaces === 1 ? 'default' : `team-${String(place).padStart(3, '0')}`));
  const placeOf = (place: number): string => spaces[place % namespaces] ?? 'default';
  const made = namespaces === 1 ? '' : spaces.map((name) => `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}}}\n---\n`).join('');
  const server = await startServer(made + Array.from({ length: rollouts }, (_, place) => manifest(place, placeOf(place))).join('---\n'), ['--engine', 'off']);
  const door = doorOf(server.kubeconfig);
  const agent = new Agent({ keepAlive: true });
  const patch = async (place: number, status: unknown): Promise<void> => {
    const target = `/apis/argoproj.io/v1alpha1/namespaces/${placeOf(place)}/rollouts/${nameOf(place)}/status`;
    const answer = await open(door, { method: 'PATCH', target, agent, body: JSON.stringify({ status }) });
    answer.resume();
    if ((answer.statusCode ?? 0) >= 300) throw new Error(`${target}: ${answer.statusCode}`);
  };
  for (let place = 0; place < rollouts; place += 1) await patch(place, { phase: 'Healthy', currentPodHash: 'bbbb', stableRS: 'bbbb', observedGeneration: '1' });
  return {
    server,
    change(perSecond) {
      let turn = 0;
      let last = Promise.resolve();
      const timer = setInterval(() => {
        const now = turn;
        turn += 1;
        last = last.then(() => patch(now % rollouts, statusOf(Math.floor(now / rollouts))));
      }, 1000 / perSecond);
      return async () => {
        clearInterval(timer);
        await last;
      };
    },
    async stop() {
      agent.destroy();
      await server.stop();
    },
  };
}
