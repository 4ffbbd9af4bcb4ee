// Services that raise alerts: Alertmanager, PagerDuty (Events API v2), Opsgenie.

import { isRecord } from '../../lib/deep.js';
import { withoutSlash } from '../../lib/http.js';
import { listAt } from '../../lib/read.js';
import { formatTime } from '../../lib/instant.js';
import { err, ok } from '../../lib/result.js';
import type { Sent, ServiceType } from '../service.js';
import { basic, bearer, JSON_HEADERS, send } from './exchange.js';
import { chosen, flag, missing, text, textMap } from './read.js';

const ALERTS_PATH = '/api/v2/alerts';
const PAGERDUTY = 'https://events.pagerduty.com/v2/enqueue';
/** Opsgenie refuses a longer one. */
const LONGEST_ALERT = 130;

const texts = (from: unknown): Record<string, string> => (isRecord(from) ? Object.fromEntries(Object.keys(from).map((key) => [key, text(from, key)])) : {});

export const alertmanager: ServiceType = {
  name: 'alertmanager',
  create(settings) {
    const targets = listAt(settings, 'targets').filter((target): target is string => typeof target === 'string' && target !== '');
    if (targets.length === 0) return err('"targets" is missing: it is a list of host:port');
    const username = text(settings, 'basicAuth', 'username');
    const token = text(settings, 'bearerToken');
    const authorization = username !== '' ? basic(username, text(settings, 'basicAuth', 'password')) : token === '' ? {} : bearer(token);
    const addresses = targets.map((target) => `${text(settings, 'scheme') || 'http'}://${target}${text(settings, 'apiPath') || ALERTS_PATH}`);
    return ok({
      type: 'alertmanager',
      async send({ fields }, _destination, io, signal): Promise<Sent> {
        const own = fields['alertmanager'];
        const labels = texts(isRecord(own) ? own['labels'] : undefined);
        if (Object.keys(labels).length === 0) return err('alertmanager.labels of the template is empty: an alert needs a label');
        const annotations = texts(isRecord(own) ? own['annotations'] : undefined);
        const generatorURL = text(own, 'generatorURL');
        const alert = { labels, annotations, startsAt: formatTime(io.clock.now()), ...(generatorURL === '' ? {} : { generatorURL }) };
        const request = { headers: { ...JSON_HEADERS, ...authorization }, body: JSON.stringify([alert]), insecure: flag(settings, 'insecureSkipVerify') };
        // Those of one cluster tell each other: one that has it is enough, but each is asked.
        const answers = await Promise.all(addresses.map((url) => send({ ...request, url }, io, signal)));
        return answers.find((answer) => answer.ok) ?? answers[0] ?? ok(undefined);
      },
    });
  },
};

export const pagerDuty: ServiceType = {
  name: 'pagerdutyv2',
  create(settings) {
    const keys = textMap(settings, 'serviceKeys');
    if (!keys.ok) return keys;
    return ok({
      type: 'pagerdutyv2',
      async send({ message, fields }, { recipient }, io, signal): Promise<Sent> {
        const key = chosen(keys.value, recipient, 'serviceKeys');
        if (!key.ok) return key;
        const own = texts(fields['pagerdutyv2']);
        const { dedupKey = '', url = '', summary = message, severity = 'info', source = 'argo-rollouts', component, group, class: sort } = own;
        const body = {
          routing_key: key.value,
          event_action: 'trigger',
          ...(dedupKey === '' ? {} : { dedup_key: dedupKey }),
          ...(url === '' ? {} : { client_url: url }),
          payload: { summary, severity, source, component, group, class: sort },
        };
        return send({ url: PAGERDUTY, headers: JSON_HEADERS, body: JSON.stringify(body) }, io, signal);
      },
    });
  },
};

export const opsgenie: ServiceType = {
  name: 'opsgenie',
  create(settings) {
    const problem = missing(settings, ['apiUrl']);
    const keys = textMap(settings, 'apiKeys');
    if (problem !== undefined || !keys.ok) return err(problem ?? (keys.ok ? '' : keys.error));
    const api = withoutSlash(text(settings, 'apiUrl'));
    return ok({
      type: 'opsgenie',
      async send({ message, fields }, { recipient }, io, signal): Promise<Sent> {
        const key = chosen(keys.value, recipient, 'apiKeys');
        if (!key.ok) return key;
        const { description, priority, alias, note } = texts(fields['opsgenie']);
        const body = { message: [...message.trim()].slice(0, LONGEST_ALERT).join(''), description, priority, alias, note };
        const url = `${/^https?:/.test(api) ? api : `https://${api}`}/v2/alerts`;
        return send({ url, headers: { ...JSON_HEADERS, Authorization: `GenieKey ${key.value}` }, body: JSON.stringify(body) }, io, signal);
      },
    });
  },
};
