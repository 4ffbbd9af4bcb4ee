// What events and conditions tell of a rollout, to whom, and what is remembered of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readYamlValue as readYaml } from '../../src/app/yaml-text.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { NOTIFIED } from '../../src/kinds/labels.js';
import { createNotifier, type Notifier } from '../../src/notifiers/notifier.js';
import { toldAt, toldKey, toldText } from '../../src/notifiers/told.js';
import { parseTrigger, triggerOfReason, type Subject } from '../../src/notifiers/triggers.js';
import { aRollout, NOW } from './bench.js';

const SECRETS = { 'slack-token': 'xoxb-secret\n', hook: 'https://h.test/T0' };
const SUBSCRIBE = 'notifications.argoproj.io/subscribe';

const notifierOf = (data: Readonly<Record<string, string>>, secrets: Readonly<Record<string, string>> = SECRETS): Notifier => createNotifier(data, secrets, readYaml);
const subject = (rollout: KubeObject, analysisRuns: readonly KubeObject[] = []): Subject => ({ rollout, analysisRuns, now: NOW });
const events = (notifier: Notifier, rollout: KubeObject, reason: string): readonly string[] =>
  notifier.ofEvent(subject(rollout), reason).found.map(({ trigger, templates, destination }) => `${trigger} ${templates.join('+')} ${destination.service}:${destination.recipient}`);

const BASIC = {
  'service.slack': 'token: $slack-token',
  'trigger.on-rollout-completed': '- send: [done]',
  'trigger.on-purple': "- when: rollout.spec.template.spec.containers[0].image == 'demo:purple'\n  send: [done]",
  'template.done': 'message: "{{.rollout.metadata.name}}"',
};

test('the reason of an event names its trigger', () => {
  for (const [reason, trigger] of [
    ['RolloutStepCompleted', 'on-rollout-step-completed'],
    ['ScalingReplicaSet', 'on-scaling-replica-set'],
    ['AnalysisRunFailed', 'on-analysis-run-failed'],
    ['RolloutAborted', 'on-rollout-aborted'],
  ] as const)
    assert.equal(triggerOfReason(reason), trigger);
});

test('subscriptions: each form of them, each destination once', () => {
  const notifier = notifierOf({
    ...BASIC,
    'trigger.on-a': '- send: [done]',
    'trigger.on-b': '- send: [done]',
    defaultTriggers: '- on-a',
    'defaultTriggers.mail': '- on-b',
    subscriptions: '- recipients: [slack:all, hook]\n  triggers: [on-a]\n- recipients: [slack:blue]\n  triggers: [on-a]\n  selector: team in (blue, green), !old\n- recipients: [slack:red]\n  triggers: [on-a]\n  selector: team=red\n',
  });
  assert.deepEqual(notifier.problems, []);
  const rollout = aRollout({
    [`${SUBSCRIBE}.on-a.slack`]: 'one; two;all',
    [`${SUBSCRIBE}.slack`]: 'three',
    [`${SUBSCRIBE}.mail`]: 'a@x.test',
    'notifications.argoproj.io/subscriptions': '- trigger: [on-b]\n  destinations:\n  - service: slack\n    recipients: [four, five]\n- destinations:\n  - service: hook\n',
    'notifications.argoproj.io/other': 'x',
  });
  assert.deepEqual(events(notifier, rollout, 'A'), ['slack:one', 'slack:two', 'slack:all', 'slack:three', 'hook:', 'slack:blue'].map((to) => `on-a done ${to}`));
  assert.deepEqual(events(notifier, rollout, 'B'), ['mail:a@x.test', 'slack:four', 'slack:five'].map((to) => `on-b done ${to}`));
  assert.deepEqual(events(notifier, rollout, 'Unheard'), []);
});

test('a rollout without subscriptions is none of its business, unless all are subscribed', () => {
  assert.equal(notifierOf(BASIC).concerns(aRollout({ a: 'b' })), false);
  assert.equal(notifierOf(BASIC).concerns(aRollout({ [`${SUBSCRIBE}.on-a.slack`]: 'c' })), true);
  assert.equal(notifierOf({ ...BASIC, subscriptions: '- recipients: [slack:a]\n  triggers: [on-a]' }).concerns(aRollout()), true);
});

test('an event tells its trigger each time: always without a condition, else while that holds', () => {
  const notifier = notifierOf({
    ...BASIC,
    'trigger.on-rollout-paused': "- when: rollout.status.phase == 'Paused'\n  send: [done]\n- when: rollout.spec.replicas > 3\n  send: [big]\n- send: [done, big]\n  oncePer: rollout.metadata.name",
    'template.big': 'message: big',
  });
  const to = { [`${SUBSCRIBE}.on-rollout-paused.slack`]: 'c' };
  for (let time = 0; time < 2; time += 1)
    assert.deepEqual(events(notifier, aRollout({ ...to, [NOTIFIED]: '{"x":1}' }), 'RolloutPaused'), ['on-rollout-paused big slack:c', 'on-rollout-paused done+big slack:c']);
});

test('a trigger that is subscribed and not there, or that can not be evaluated, is told', () => {
  const notifier = notifierOf({ ...BASIC, 'trigger.on-bad': '- when: rollout.status.phase.deep == 1\n  send: [done]' });
  const rollout = aRollout({ [`${SUBSCRIBE}.on-absent.slack`]: 'c', [`${SUBSCRIBE}.on-bad.slack`]: 'c', 'notifications.argoproj.io/subscriptions': '{' });
  assert.deepEqual(notifier.ofEvent(subject(rollout), 'Absent').problems.slice(1), ['the trigger on-absent is subscribed, and the ConfigMap argo-rollouts-notification-configmap has no trigger.on-absent']);
  assert.match(notifier.ofEvent(subject(rollout), 'Absent').problems[0] ?? '', /^the annotation notifications\.argoproj\.io\/subscriptions: line 1: /);
  const { problems, found } = notifier.ofConditions(subject(rollout));
  assert.deepEqual([problems.length, found.due], [3, []]);
  assert.match(problems[2] ?? '', /^trigger\.on-bad: /);
  const { status: _status, ...unseen } = rollout;
  assert.equal(notifier.ofConditions(subject(unseen as KubeObject)).problems.length, 2, 'before its first pass it has no status');
});

type Told = Readonly<Record<string, number>>;

/** One look at the conditions, with everything that is due sent; what is written then, and what was told. */
function look(notifier: Notifier, rollout: KubeObject): { readonly told: readonly string[]; readonly state: Told; readonly next: KubeObject } {
  const { found } = notifier.ofConditions(subject(rollout));
  const state = new Map([...found.told, ...found.due.map(({ key }) => [key, toldAt(NOW)] as const)]);
  const text = toldText(state);
  const { [NOTIFIED]: _before, ...annotations } = rollout.metadata.annotations ?? {};
  const next = { ...rollout, metadata: { ...rollout.metadata, annotations: { ...annotations, ...(text === null ? {} : { [NOTIFIED]: text }) } } };
  return { told: found.due.map(({ message }) => `${message.trigger} ${message.destination.recipient}`), state: Object.fromEntries(state), next };
}

const withImage = (rollout: KubeObject, image: string): KubeObject => ({ ...rollout, spec: { replicas: 5, template: { spec: { containers: [{ name: 'app', image }] } } } });

test('a condition tells once while it holds, and again when it has ceased to and holds anew', () => {
  const notifier = notifierOf(BASIC);
  const first = look(notifier, aRollout({ [`${SUBSCRIBE}.on-purple.slack`]: 'a;b', [`${SUBSCRIBE}.on-rollout-completed.slack`]: 'a' }));
  assert.deepEqual(first.told, ['on-purple a', 'on-purple b'], 'a trigger without a condition never holds here');
  const again = look(notifier, first.next);
  assert.deepEqual([again.told, again.state], [[], first.state]);
  const gone = look(notifier, withImage(again.next, 'demo:blue'));
  assert.deepEqual([gone.told, gone.state, NOTIFIED in (gone.next.metadata.annotations ?? {})], [[], {}, false]);
  assert.deepEqual(look(notifier, withImage(gone.next, 'demo:purple')).told, ['on-purple a', 'on-purple b']);
});

test('oncePer: once for each value, even if the condition flaps', () => {
  const notifier = notifierOf({ ...BASIC, 'trigger.on-purple': "- when: rollout.spec.template.spec.containers[0].image == 'demo:purple'\n  oncePer: rollout.status.currentPodHash\n  send: [done]" });
  const start = look(notifier, aRollout({ [`${SUBSCRIBE}.on-purple.slack`]: 'a' }));
  const gone = look(notifier, withImage(start.next, 'demo:blue'));
  const back = look(notifier, withImage(gone.next, 'demo:purple'));
  const next = look(notifier, { ...back.next, status: { currentPodHash: 'def' } });
  assert.deepEqual([start.told, gone.told, back.told, next.told], [['on-purple a'], [], [], ['on-purple a']]);
  assert.deepEqual(Object.keys(next.state).map((key) => key.split(':')[0]), ['abc', 'def']);
});

test('a hand-over: what the notifications engine has remembered is not told again', () => {
  // As people have shown the annotation in its issues, with this condition: "…:on-deployed:[0].y7b5sbwa2Q329JYH755peeq-fBs:slack:phoenix-argo".
  const shown = parseTrigger([{ when: "app.status.operationState.phase in ['Succeeded'] and app.status.health.status == 'Healthy'", send: ['a'], oncePer: 'x' }]);
  const to = { service: 'slack', recipient: 'phoenix-argo' };
  assert.ok(shown.ok && shown.value[0]);
  assert.equal(toldKey('on-deployed', shown.value[0], '25159ca4', to), '25159ca4:on-deployed:[0].y7b5sbwa2Q329JYH755peeq-fBs:slack:phoenix-argo');
  assert.equal(toldKey('on-deployed', shown.value[0], '', to), 'on-deployed:[0].y7b5sbwa2Q329JYH755peeq-fBs:slack:phoenix-argo');
  const key = 'on-purple:[0].qbAQTpQ47KuUvTFHALkTXIBflbI:slack:a';
  const taken = look(notifierOf(BASIC), aRollout({ [`${SUBSCRIBE}.on-purple.slack`]: 'a;b', [NOTIFIED]: JSON.stringify({ [key]: 1615318957, 'on-purple:[0].qbAQTpQ47KuUvTFHALkTXIBflbI:other:c': 7 }) }));
  assert.deepEqual(taken.told, ['on-purple b']);
  assert.equal(taken.state[key], 1615318957, 'it was told then');
  assert.equal(taken.state['on-purple:[0].qbAQTpQ47KuUvTFHALkTXIBflbI:other:c'], 7, 'what somebody else has subscribed stays');
});

test('of what oncePer leaves behind only the newest is kept; an annotation that is none is empty', () => {
  const many = new Map(Array.from({ length: 150 }, (_, index) => [`k${index}`, index] as const));
  assert.deepEqual(Object.keys(JSON.parse(toldText(many) ?? '') as object).length, 100);
  assert.equal(toldText(new Map()), null);
  for (const text of ['', 'null', '[1]', '{"a":', '{"a":"b"}'])
    assert.deepEqual(look(notifierOf(BASIC), aRollout({ [`${SUBSCRIBE}.on-purple.slack`]: 'a', [NOTIFIED]: text })).told, ['on-purple a'], text);
});

test('a message is what all its templates say, with what they may look at', () => {
  const runs = [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', metadata: { name: 'run-2' }, status: { phase: 'Failed' } }];
  const notifier = notifierOf({
    ...BASIC,
    context: 'region: east',
    'trigger.on-all': '- send: [one, two]',
    'template.one': 'message: first\nslack: { attachments: "[]", groupingKey: "{{.rollout.metadata.name}}" }\nemail: { subject: s }',
    'template.two':
      'message: "{{.context.region}} {{.recipient}} {{.serviceType}} {{(index .analysisRuns 0).status.phase}} {{index .secrets "hook"}} {{(call .time.Parse "2026-03-04T05:00:00Z").Format "15:04"}} {{(call .time.Now).Unix}}"\nslack: { attachments: "[1]", notifyBroadcast: true }'.replaceAll('"hook"', '\\"hook\\"').replaceAll('"2026-03-04T05:00:00Z"', '\\"2026-03-04T05:00:00Z\\"').replaceAll('"15:04"', '\\"15:04\\"'),
  });
  assert.deepEqual(notifier.problems, []);
  const [message] = notifier.ofEvent(subject(aRollout({ [`${SUBSCRIBE}.on-all.slack`]: 'chan' }), runs), 'All').found;
  assert.ok(message);
  assert.deepEqual(notifier.preview(message), {
    ok: true,
    value: {
      message: 'east chan slack Failed ***** 05:00 1772600767',
      fields: { slack: { attachments: '[1]', groupingKey: 'cart', notifyBroadcast: true }, email: { subject: 's' } },
    },
  });
});

test('conditions know the time and the analysis runs', () => {
  const runs = [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', metadata: { name: 'r', creationTimestamp: '2026-03-04T05:00:00Z' }, status: { phase: 'Failed' } }];
  const notifier = notifierOf({
    ...BASIC,
    'trigger.on-late': '- when: time.Now().Sub(time.Parse(analysisRuns[0].metadata.creationTimestamp)).Minutes() >= 6\n  send: [done]\n- when: time.Now().Sub(time.Parse(analysisRuns[0].metadata.creationTimestamp)).Minutes() >= 7\n  send: [done]',
    'trigger.on-failed': "- when: any(analysisRuns, {.status.phase == 'Failed'}) and rollout.metadata.generation == int(rollout.status.observedGeneration)\n  send: [done]",
  });
  const { found, problems } = notifier.ofConditions(subject(aRollout({ [`${SUBSCRIBE}.on-late.slack`]: 'c', [`${SUBSCRIBE}.on-failed.slack`]: 'c' }), runs));
  assert.deepEqual([found.due.map(({ message }) => message.trigger), problems], [['on-late', 'on-failed'], []]);
});

test('what is wrong in the settings is told by key, and the rest stands', () => {
  const { problems } = notifierOf({
    ...BASIC,
    'service.slack': 'token: $no-such-key',
    'service.webhook.hook': 'url: [',
    'service.carrier-pigeon': '{}',
    'template.broken': 'message: "{{if .rollout}}"\nslack: { attachments: "x" }',
    'template.list': '- a',
    'trigger.on-none': '- when: "true"',
    'trigger.on-gone': '- send: [absent]',
    subscriptions: '- triggers: [a]',
    defaultTriggers: '{}',
    context: '[]',
    unrelated: 'x',
  });
  const of = (key: string): string => `${key} of the ConfigMap argo-rollouts-notification-configmap`;
  assert.deepEqual(
    problems.map((problem) => problem.replace(/(there are webhook).*/, '$1')),
    [
      `${of('service.slack')}: $no-such-key is no key of the Secret argo-rollouts-notification-secret`,
      `${of('service.webhook.hook')}: line 1: Flow sequence in block collection must be sufficiently indented and end with a ]`,
      `${of('service.carrier-pigeon')}: services of type "carrier-pigeon" are not there; there are webhook`,
      `${of('template.broken')}: message: line 1: {{if}} has no {{end}}`,
      `${of('template.list')}: it is no map of fields such as "message"`,
      `${of('trigger.on-none')}: "send" is missing: it is a list of names of templates`,
      `${of('subscriptions')}: an entry has no "recipients", such as slack:my-channel`,
      `${of('defaultTriggers')}: it is no list of names of triggers`,
      `${of('context')}: it is no map`,
      `trigger.on-gone of the ConfigMap argo-rollouts-notification-configmap sends the template "absent", and there is no template.absent`,
    ],
  );
});

test('what can not be sent says why, and no secret', async () => {
  const notifier = notifierOf({ ...BASIC, 'template.done': 'message: "{{fail (index .secrets \\"slack-token\\")}}"' });
  const [message] = notifier.ofEvent(subject(aRollout({ [`${SUBSCRIBE}.on-rollout-completed.slack`]: 'c' })), 'RolloutCompleted').found;
  assert.ok(message);
  const io = { http: () => assert.fail('nothing is to be sent'), clock: { now: () => NOW, after: () => () => undefined }, readYaml };
  const signal = new AbortController().signal;
  assert.deepEqual(await notifier.send(message, io, signal), { ok: false, error: 'template.done: message: line 1: *****' });
  const elsewhere = { ...message, destination: { service: 'pager', recipient: '' } };
  assert.deepEqual(await notifier.send(elsewhere, io, signal), { ok: false, error: 'the ConfigMap argo-rollouts-notification-configmap has no service "pager": it has slack' });
});
