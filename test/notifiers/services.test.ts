// Each service against a real server on loopback: what goes over the wire, and what is said when it goes wrong.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createService, SERVICE_TYPES } from '../../src/notifiers/services/registry.js';
import type { Notification, Sent } from '../../src/notifiers/service.js';
import { ioFor, listen, type LocalServer, mailServer } from './bench.js';

let server: LocalServer;
before(async () => {
  server = await listen();
});
after(() => server.close());
beforeEach(() => {
  server.got.length = 0;
  server.answer = () => ({});
});

const message = (text: string, fields: Readonly<Record<string, unknown>> = {}): Notification => ({ message: text, fields });

function serviceOf(type: string, settings: unknown) {
  const made = createService(type, settings);
  assert.ok(made.ok, made.ok ? '' : made.error);
  return made.value;
}

function send(type: string, settings: unknown, notification: Notification, recipient: string, service = type): Promise<Sent> {
  return serviceOf(type, settings).send(notification, { service, recipient }, ioFor(server), new AbortController().signal);
}

const bodyOf = (index = 0): unknown => JSON.parse(server.got[index]?.body ?? 'null');

test('a webhook sends what its template asks for, with headers and credentials', async () => {
  const settings = { url: `${server.url}/base/`, headers: [{ name: 'X-Team', value: 'blue' }], basicAuth: { username: 'me', password: 'pw' } };
  const sent = await send('webhook', settings, message('unused', { webhook: { hook: { method: 'put', path: '/a/b?c=1', body: '{"x":1}' } } }), '', 'hook');
  assert.deepEqual(sent, { ok: true, value: undefined });
  const [got] = server.got;
  assert.deepEqual([got?.method, got?.path, got?.body, got?.headers['x-team'], got?.headers.authorization], ['PUT', '/base/a/b?c=1', '{"x":1}', 'blue', `Basic ${btoa('me:pw')}`]);
});

test('a webhook without a template of its own gets the message', async () => {
  await send('webhook', { url: server.url }, message('plain'), '', 'hook');
  assert.deepEqual([server.got[0]?.method, server.got[0]?.path, server.got[0]?.body], ['GET', '/', 'plain']);
});

test('a webhook tries again while the server fails, as often as it is told', async () => {
  server.answer = (_got, count) => ({ status: count < 3 ? 503 : 200 });
  assert.equal((await send('webhook', { url: server.url }, message('x'), '', 'hook')).ok, true);
  assert.equal(server.got.length, 3);
  server.got.length = 0;
  server.answer = () => ({ status: 500, body: 'no' });
  const sent = await send('webhook', { url: server.url, retryMax: 1, retryWaitMin: '1ms', retryWaitMax: '2ms' }, message('x'), '', 'hook');
  assert.deepEqual([sent, server.got.length], [{ ok: false, error: `${server.host} answered 500: no` }, 2]);
  server.got.length = 0;
  server.answer = () => ({ status: 404 });
  assert.equal((await send('webhook', { url: server.url }, message('x'), '', 'hook')).ok, false);
  assert.equal(server.got.length, 1, 'what the server refuses is not asked again');
});

test('the address of a service is not told: it often is the credential', async () => {
  const closed = await listen();
  closed.close();
  const sent = await send('webhook', { url: `${closed.url}/services/T0/secret-path`, retryMax: 0 }, message('x'), '', 'hook');
  assert.ok(!sent.ok && sent.error.startsWith(`${closed.host}: `) && !sent.error.includes('secret-path'), JSON.stringify(sent));
  const wrong = await send('webhook', { url: 'not an address' }, message('x'), '', 'hook');
  assert.deepEqual(wrong, { ok: false, error: 'the address of the service: the address is no URL of http or https' });
});

test('Slack: text, looks, attachments, blocks', async () => {
  server.answer = () => ({ body: '{"ok":true,"channel":"C1","ts":"1.1"}' });
  const settings = { token: 'xoxb-1', apiURL: `${server.url}/api/`, username: 'rollouts', icon: ':boat:' };
  const fields = { slack: { attachments: '[{"title":"t"}]', blocks: '[{"type":"divider"}]', icon: 'https://x.test/i.png' } };
  assert.equal((await send('slack', settings, message('hello', fields), 'deploys')).ok, true);
  assert.deepEqual([server.got[0]?.path, server.got[0]?.headers.authorization], ['/api/chat.postMessage', 'Bearer xoxb-1']);
  assert.deepEqual(bodyOf(), { channel: 'deploys', text: 'hello', username: 'rollouts', icon_url: 'https://x.test/i.png', attachments: [{ title: 't' }], blocks: [{ type: 'divider' }] });
});

test('Slack: messages of one grouping key are one thread, and can be updated', async () => {
  server.answer = (_got, count) => ({ body: JSON.stringify({ ok: true, channel: 'C1', ts: `1.${count}` }) });
  const service = serviceOf('slack', { token: 't', apiURL: server.url });
  const go = (slack: unknown): Promise<Sent> => service.send(message('m', { slack }), { service: 'slack', recipient: 'c' }, ioFor(server), new AbortController().signal);
  await go({ groupingKey: 'a' });
  await go({ groupingKey: 'a', notifyBroadcast: true });
  await go({ groupingKey: 'b' });
  await go({ groupingKey: 'a', deliveryPolicy: 'Update' });
  await go({ groupingKey: 'a', deliveryPolicy: 'PostAndUpdate' });
  assert.deepEqual(
    server.got.map(({ path }, index) => [path, { ...(bodyOf(index) as object), text: undefined }]),
    [
      ['/chat.postMessage', { channel: 'c', text: undefined }],
      ['/chat.postMessage', { channel: 'c', text: undefined, thread_ts: '1.1', reply_broadcast: true }],
      ['/chat.postMessage', { channel: 'c', text: undefined }],
      ['/chat.update', { channel: 'C1', ts: '1.1', text: undefined }],
      ['/chat.postMessage', { channel: 'c', text: undefined, thread_ts: '1.1' }],
      ['/chat.update', { channel: 'C1', ts: '1.1', text: undefined }],
    ],
  );
});

test('Slack: what it refuses is told in its words, and a template that makes no JSON too', async () => {
  server.answer = () => ({ body: '{"ok":false,"error":"channel_not_found"}' });
  const settings = { token: 't', apiURL: server.url };
  assert.deepEqual(await send('slack', settings, message('m'), 'nowhere'), { ok: false, error: 'chat.postMessage: channel_not_found' });
  const wrong = await send('slack', settings, message('m', { slack: { attachments: '[{' } }), 'c');
  assert.match(wrong.ok ? '' : wrong.error, /^slack\.attachments of the template is no JSON: /);
});

test('Teams: a card by recipient; what else it answers than 1 is an error', async () => {
  server.answer = () => ({ body: '1' });
  const settings = { recipientUrls: { ops: `${server.url}/teams/hook` } };
  const teams = { title: 'T', themeColor: '#000080', facts: '[{"name":"n","value":"v"}]', potentialAction: '[{"@type":"OpenUri"}]' };
  assert.equal((await send('teams', settings, message('text', { teams }), 'ops')).ok, true);
  assert.deepEqual(bodyOf(), {
    '@type': 'MessageCard',
    '@context': 'https://schema.org/extensions',
    text: 'text',
    title: 'T',
    themeColor: '#000080',
    sections: [{ facts: [{ name: 'n', value: 'v' }] }],
    potentialAction: [{ '@type': 'OpenUri' }],
  });
  assert.deepEqual(await send('teams', settings, message('x'), 'dev'), { ok: false, error: 'the recipient "dev" is not in "recipientUrls": it has ops' });
  server.answer = () => ({ body: 'Webhook message delivery failed with error: 429' });
  assert.equal((await send('teams', settings, message('x'), 'ops')).ok, false);
});

test('Mattermost, Telegram and Google Chat', async () => {
  await send('mattermost', { apiURL: server.url, token: 'mt' }, message('m', { mattermost: { attachments: '[{"title":"t"}]' } }), 'chan1');
  await send('telegram', { token: '12:AB' }, message('m'), '-1000|2');
  await send('telegram', { token: '12:AB' }, message('m'), 'public');
  await send('googlechat', { webhooks: { a: `${server.url}/v1/spaces/x/messages?key=k` } }, message('m', { googlechat: { threadKey: 'th' } }), 'a');
  await send('googlechat', { webhooks: { a: `${server.url}/v1` } }, message('m', { googlechat: { cardsV2: '- header:\n    title: T\n' } }), 'a');
  assert.deepEqual(
    server.got.map(({ path }, index) => [path, bodyOf(index)]),
    [
      ['/api/v4/posts', { channel_id: 'chan1', message: 'm', props: { attachments: [{ title: 't' }] } }],
      ['/api.telegram.org/bot12:AB/sendMessage', { chat_id: -1000, text: 'm', parse_mode: 'Markdown', message_thread_id: 2 }],
      ['/api.telegram.org/bot12:AB/sendMessage', { chat_id: '@public', text: 'm', parse_mode: 'Markdown' }],
      ['/v1/spaces/x/messages?key=k&threadKey=th&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD', { text: 'm' }],
      ['/v1', { cardsV2: [{ card: { header: { title: 'T' } } }] }],
    ],
  );
});

test('Alertmanager: all of a cluster are asked, one that takes it is enough', async () => {
  const closed = await listen();
  closed.close();
  const settings = { targets: [closed.host, server.host], bearerToken: 'bt' };
  const alert = { labels: { severity: 'info' }, annotations: { a: 'b' }, generatorURL: 'http://x.test' };
  assert.equal((await send('alertmanager', settings, message('m', { alertmanager: alert }), '')).ok, true);
  assert.deepEqual([server.got[0]?.path, server.got[0]?.headers.authorization], ['/api/v2/alerts', 'Bearer bt']);
  const [{ startsAt, ...rest }] = bodyOf() as readonly [{ readonly startsAt: string }];
  assert.match(startsAt, /^\d{4}-.*Z$/);
  assert.deepEqual(rest, alert);
  assert.equal((await send('alertmanager', settings, message('m'), '')).ok, false, 'no labels');
});

test('PagerDuty and Opsgenie', async () => {
  server.answer = () => ({ status: 202 });
  const pagerdutyv2 = { summary: 's', severity: 'critical', source: 'cart', dedupKey: 'd', class: 'c' };
  await send('pagerdutyv2', { serviceKeys: { web: 'rk' } }, message('m', { pagerdutyv2 }), 'web');
  await send('opsgenie', { apiUrl: 'api.opsgenie.test', apiKeys: { team: 'ok' } }, message('x'.repeat(200), { opsgenie: { description: 'd', priority: 'P1' } }), 'team');
  assert.deepEqual(
    server.got.map(({ path }, index) => [path, bodyOf(index)]),
    [
      ['/events.pagerduty.com/v2/enqueue', { routing_key: 'rk', event_action: 'trigger', dedup_key: 'd', payload: { summary: 's', severity: 'critical', source: 'cart', class: 'c' } }],
      ['/api.opsgenie.test/v2/alerts', { message: 'x'.repeat(130), description: 'd', priority: 'P1' }],
    ],
  );
  assert.equal(server.got[1]?.headers.authorization, 'GenieKey ok');
});

test('email: by SMTP, with the subject of the template, as text or HTML', async (t) => {
  const mail = await mailServer();
  t.after(() => mail.close());
  const settings = { host: '127.0.0.1', port: String(mail.port), from: 'rollouts@x.test' };
  assert.deepEqual(await send('email', settings, message('It is done.', { email: { subject: 'cart\r\nBcc: all@x.test' } }), 'ops@x.test'), { ok: true, value: undefined });
  assert.match(mail.mails[0] ?? '', /From: rollouts@x\.test\r\nTo: ops@x\.test\r\nSubject: cart Bcc: all@x\.test\r\n[^]*text\/plain[^]*It is done\./);
  await send('email', { ...settings, html: true, username: 'u', password: 'p' }, message('m', { email: { subject: 's', body: '<b>x</b>' } }), 'ops@x.test');
  assert.equal(mail.mails[1], `AUTH PLAIN ${btoa('\0u\0p')}`);
  assert.match(mail.mails[2] ?? '', /text\/html[^]*<b>x<\/b>/);
});

test('email: a server that is not there is told', async () => {
  const gone = await mailServer();
  gone.close();
  const sent = await send('email', { host: '127.0.0.1', port: gone.port, from: 'a@x.test' }, message('m'), 'b@x.test');
  assert.match(sent.ok ? '' : sent.error, /^127\.0\.0\.1:\d+: .*ECONNREFUSED/);
});

test('what is missing in the settings is named, and a type that is not there too', () => {
  const wanted: Readonly<Record<string, RegExp>> = {
    webhook: /"url" is missing/,
    slack: /"token" is missing/,
    email: /"host" is missing/,
    teams: /"recipientUrls" is missing/,
    mattermost: /"apiURL" is missing/,
    telegram: /"token" is missing/,
    googlechat: /"webhooks" is missing/,
    alertmanager: /"targets" is missing/,
    pagerdutyv2: /"serviceKeys" is missing/,
    opsgenie: /"apiUrl" is missing/,
    grafana: /services of type "grafana" are not there; there are webhook, slack/,
  };
  for (const [type, pattern] of Object.entries(wanted)) {
    const made = createService(type, {});
    assert.match(made.ok ? '' : made.error, pattern, type);
  }
  for (const { name } of SERVICE_TYPES) assert.ok(wanted[name] !== undefined, `${name} is not tried`);
});
