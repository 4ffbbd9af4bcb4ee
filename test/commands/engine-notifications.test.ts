// `sluice engine` beside `sluice serve`: a release of a rollout that subscribes to notifications, and what a service over HTTP gets of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRemoteCluster } from '../../src/cluster/remote.js';
import { EVENT, REPLICA_SET, ROLLOUT } from '../../src/kinds/resource-type.js';
import { type Got, listen, mailServer } from '../notifiers/bench.js';
import { readExposition } from '../support/exposition.js';
import { Running, startServer, until } from '../support/sluice.js';
import { MILL_AND_TILL } from './manifests.js';

const TOKEN = 'xoxb-very-secret-0815';
const PASSWORD = 'hunter22-secret';

const settings = (url: string, mailPort: number): string => `
apiVersion: v1
kind: Namespace
metadata: { name: argo-rollouts }
---
apiVersion: v1
kind: Secret
metadata: { name: argo-rollouts-notification-secret, namespace: argo-rollouts }
stringData: { slack-token: ${TOKEN}, hook-password: ${PASSWORD} }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: argo-rollouts-notification-configmap, namespace: argo-rollouts }
data:
  service.slack: |
    token: $slack-token
    apiURL: ${url}/slack
  service.webhook.audit: |
    url: ${url}/audit
    basicAuth: { username: sluice, password: $hook-password }
  service.newrelic: "apiKey: x"
  service.email.post: "{ host: 127.0.0.1, port: ${mailPort}, from: rollouts@x.test }"
  trigger.on-rollout-updated: |
    - send: [updated]
  trigger.on-rollout-paused: |
    - send: [updated]
  trigger.on-rollout-completed: |
    - send: [updated, audit]
  trigger.on-two: |
    - when: rollout.metadata.generation == int(rollout.status.observedGeneration) and rollout.spec.template.spec.containers[0].image == 'reg.test/mill:2'
      oncePer: rollout.status.currentPodHash
      send: [audit]
  template.updated: |
    message: "{{.rollout.metadata.name}} for {{.recipient}} by {{.serviceType}}"
    slack:
      attachments: |
        [{"title": "{{.rollout.metadata.name}}", "fields": [{{range $i, $c := .rollout.spec.template.spec.containers}}{{if $i}},{{end}}{"value": "{{$c.image}}"}{{end}}]}]
  template.audit: |
    webhook:
      audit:
        method: POST
        path: /rollouts/{{.rollout.metadata.name}}
        body: '{{toJson (dict "image" (index .rollout.spec.template.spec.containers 0).image "key" (index .secrets "hook-password"))}}'
`;

const SUBSCRIBED = MILL_AND_TILL.replace(
  'name: mill\n',
  `name: mill
  annotations:
    notifications.argoproj.io/subscribe.on-rollout-updated.slack: deploys;quiet
    notifications.argoproj.io/subscribe.on-rollout-completed.slack: deploys
    notifications.argoproj.io/subscribe.on-two.audit: ""
    notifications.argoproj.io/subscribe.on-rollout-paused.newrelic: ops
    notifications.argoproj.io/subscribe.on-rollout-paused.post: ops@x.test
`,
);

const texts = (got: readonly Got[]): readonly string[] =>
  got.filter(({ path }) => path === '/slack/chat.postMessage').map(({ body }) => {
    const { channel, text, attachments } = JSON.parse(body) as { readonly channel: string; readonly text: string; readonly attachments: readonly { readonly fields: readonly { readonly value: string }[] }[] };
    return `${channel}: ${text}: ${attachments[0]?.fields[0]?.value ?? ''}`;
  });

test('a release tells those who have subscribed, each once, and no secret is told elsewhere', async (t) => {
  const service = await listen();
  // As Slack answers.
  service.answer = (_got, count) => ({ body: JSON.stringify({ ok: true, channel: 'C1', ts: String(count) }) });
  const mail = await mailServer();
  t.after(() => {
    service.close();
    mail.close();
  });
  const server = await startServer(`${SUBSCRIBED}---${settings(service.url, mail.port)}`, ['--engine', 'off']);
  t.after(() => server.stop());
  const environment = { KUBECONFIG: server.kubeconfig };
  const engine = new Running(['engine', '--metrics-address', ':0'], environment);
  t.after(() => engine.end());
  const healthy = (): Promise<true> => until('mill to be healthy', async () => (await server.run('status', 'mill', '--watch=false')).stdout === 'Healthy\n');
  await healthy();
  await server.run('set', 'image', 'mill', 'main=reg.test/mill:2');
  await until('a pause', async () => (await server.run('status', 'mill', '--watch=false')).stdout.startsWith('Paused'));
  await server.run('promote', 'mill', '--full');
  await healthy();
  const told = (image: string): readonly string[] => [`deploys: mill for deploys by slack: ${image}`, `quiet: mill for quiet by slack: ${image}`, `deploys: mill for deploys by slack: ${image}`];
  const wanted = [...told('reg.test/mill:1'), ...told('reg.test/mill:2')];
  await until('all messages', () => service.got.length > wanted.length).catch(() => undefined);
  assert.deepEqual(texts(service.got).toSorted(), wanted.toSorted());
  const [audit, ...more] = service.got.filter(({ path }) => path.startsWith('/audit'));
  assert.deepEqual([audit?.method, audit?.path, JSON.parse(audit?.body ?? ''), more], ['POST', '/audit/rollouts/mill', { image: 'reg.test/mill:2', key: PASSWORD }, []]);
  assert.equal(audit?.headers.authorization, `Basic ${Buffer.from(`sluice:${PASSWORD}`).toString('base64')}`);
  assert.ok(service.got.filter(({ path }) => path.startsWith('/slack')).every(({ headers }) => headers.authorization === `Bearer ${TOKEN}`));

  assert.match(mail.mails.join(), /To: ops@x\.test\r\n[^]*mill for ops@x\.test by email/);

  // What could not be sent is told, once for the settings and once for the message.
  assert.match(engine.stderr, /notifications: service\.newrelic of the ConfigMap argo-rollouts-notification-configmap: services of type "newrelic" are not there/);
  assert.match(engine.stderr, /notifications: on-rollout-paused of rollout default\/mill was not sent to newrelic:ops: the service newrelic: services of type/);
  const figures = readExposition(await (await fetch(/http:\S+/.exec(engine.stdout)?.[0] ?? '')).text());
  const mill = { namespace: 'default', name: 'mill' };
  assert.deepEqual(figures.values('notification_send_success', { ...mill, type: 'Normal', reason: 'RolloutUpdated' }), [4]);
  assert.deepEqual(figures.values('notification_send_success', { ...mill, type: 'Condition', reason: 'on-two' }), [1]);
  assert.deepEqual(figures.values('notification_send_error', { ...mill, type: 'Normal', reason: 'RolloutPaused' }), [1]);
  assert.deepEqual(figures.values('notification_send_count', mill), [9]);

  // The next engine goes on from the annotation: what has been told once per version is not told again.
  assert.equal(await engine.end(), 0);
  const next = new Running(['engine'], environment);
  t.after(() => next.end());
  await next.says('leading as');
  await server.run('set', 'image', 'mill', 'main=reg.test/mill:3');
  await until('the next release to be told of', () => texts(service.got).filter((text) => text.endsWith('mill:3')).length === 2);
  await server.run('undo', 'mill');
  await until('the way back to be told of', () => texts(service.got).filter((text) => text.endsWith('mill:2')).length === 5);
  assert.equal(service.got.filter(({ path }) => path.startsWith('/audit')).length, 1);

  const { metadata } = (await server.rollout('mill')) as { readonly metadata: { readonly annotations: Readonly<Record<string, string>> } };
  assert.match(metadata.annotations['notified.notifications.argoproj.io'] ?? '', /^\{"[a-z0-9]+:on-two:\[0\]\.[\w-]{27}:audit:":\d+\}$/);
  const admin = await createRemoteCluster({ kubeconfig: { file: server.kubeconfig, environment: {} } });
  assert.ok(admin.ok);
  t.after(() => admin.value.close());
  const lists = await Promise.all([EVENT, ROLLOUT, REPLICA_SET].map((type) => admin.value.list(type)));
  const written = [engine.stdout, engine.stderr, next.stdout, next.stderr, ...lists.map((list) => JSON.stringify(list.ok && list.value.items))].join();
  assert.ok(lists.every((list) => list.ok && list.value.items.length > 0));
  for (const secret of [TOKEN, PASSWORD]) assert.ok(!written.includes(secret));
});
