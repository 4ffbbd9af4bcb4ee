// Slack's chat.postMessage by the token of an app. Messages of one grouping key go into one thread, as long as this engine remembers it.

import { withoutSlash } from '../../lib/http.js';
import { textAt } from '../../lib/read.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { Notification, Sent, Service, ServiceIo, ServiceType } from '../service.js';
import { bearer, exchange, isGood, JSON_HEADERS, refusal } from './exchange.js';
import { flag, json, missing, text } from './read.js';

const API = 'https://slack.com/api';
/** Threads that are remembered; the oldest is forgotten, and its next message begins a new one. */
const MOST_THREADS = 1000;

const POLICIES = ['Post', 'PostAndUpdate', 'Update'] as const;

type Place = { readonly channel: string; readonly ts: string };
type Thread = Place & { readonly key: string };
type Body = Readonly<Record<string, unknown>>;

/** Name, picture and text: what a message looks like. */
function contentOf({ message, fields }: Notification, settings: unknown): Result<Body, string> {
  const own = fields['slack'];
  const attachments = json(fields, 'slack', 'attachments');
  const blocks = json(fields, 'slack', 'blocks');
  if (!attachments.ok) return attachments;
  if (!blocks.ok) return blocks;
  const username = text(own, 'username') || text(settings, 'username');
  const icon = text(own, 'icon') || text(settings, 'icon');
  return ok({
    text: message,
    ...(username === '' ? {} : { username }),
    ...(icon === '' ? {} : /^https?:/.test(icon) ? { icon_url: icon } : { icon_emoji: icon }),
    ...(attachments.value === undefined ? {} : { attachments: attachments.value }),
    ...(blocks.value === undefined ? {} : { blocks: blocks.value }),
  });
}

function createSlack(settings: unknown): Service {
  const api = withoutSlash(text(settings, 'apiURL') || API);
  const headers = { ...JSON_HEADERS, ...bearer(text(settings, 'token')) };
  const threads = new Map<string, Thread>();

  const ask = async (method: string, body: Body, io: ServiceIo, signal: AbortSignal): Promise<Result<Place, string>> => {
    const url = `${api}/${method}`;
    const answer = await exchange({ url, headers, body: JSON.stringify(body), insecure: flag(settings, 'insecureSkipVerify') }, io, signal);
    if (!answer.ok) return answer;
    let said: unknown;
    try {
      said = JSON.parse(answer.value.body) as unknown;
    } catch {
      return err(refusal(url, answer.value));
    }
    if (!isGood(answer.value) || text(said, 'ok') !== 'true') return err(`${method}: ${textAt(said, 'error') ?? refusal(url, answer.value)}`);
    return ok({ channel: textAt(said, 'channel') ?? text(body, 'channel'), ts: textAt(said, 'ts') ?? '' });
  };
  const remember = (thread: Thread): void => {
    threads.set(thread.key, thread);
    const [oldest] = threads.keys();
    if (threads.size > MOST_THREADS && oldest !== undefined) threads.delete(oldest);
  };

  return {
    type: 'slack',
    async send(notification, { recipient }, io, signal): Promise<Sent> {
      const own = notification.fields['slack'];
      const policy = text(own, 'deliveryPolicy') || 'Post';
      if (!POLICIES.some((each) => each === policy)) return err(`slack.deliveryPolicy of the template is none of ${POLICIES.join(', ')}`);
      const content = contentOf(notification, settings);
      if (!content.ok) return content;
      const grouping = text(own, 'groupingKey');
      const key = `${recipient}\n${grouping}`;
      const thread = grouping === '' ? undefined : threads.get(key);
      if (thread === undefined || policy !== 'Update') {
        const reply = thread === undefined ? {} : { thread_ts: thread.ts, ...(flag(own, 'notifyBroadcast') ? { reply_broadcast: true } : {}) };
        const posted = await ask('chat.postMessage', { channel: recipient, ...content.value, ...reply }, io, signal);
        if (!posted.ok) return posted;
        if (thread === undefined && grouping !== '') remember({ key, ...posted.value });
      }
      if (thread === undefined || policy === 'Post') return ok(undefined);
      const updated = await ask('chat.update', { ...content.value, channel: thread.channel, ts: thread.ts }, io, signal);
      return updated.ok ? ok(undefined) : updated;
    },
  };
}

export const slack: ServiceType = {
  name: 'slack',
  create(settings) {
    const problem = missing(settings, ['token']);
    return problem === undefined ? ok(createSlack(settings)) : err(problem);
  },
};
