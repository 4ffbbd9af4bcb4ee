// Chats that take one JSON document for each message: Microsoft Teams, Mattermost, Telegram, Google Chat.

import { withoutSlash } from '../../lib/http.js';
import { err, ok } from '../../lib/result.js';
import type { Sent, ServiceType } from '../service.js';
import { bearer, exchange, isGood, JSON_HEADERS, refusal, send } from './exchange.js';
import { chosen, flag, json, missing, text, textMap } from './read.js';

/** Incoming webhooks of Teams answer "1", workflows nothing; what else they say with a good status is why it went wrong. */
const TEAMS_GOOD = ['', '1'];

export const teams: ServiceType = {
  name: 'teams',
  create(settings) {
    const urls = textMap(settings, 'recipientUrls');
    if (!urls.ok) return urls;
    return ok({
      type: 'teams',
      async send({ message, fields }, { recipient }, io, signal): Promise<Sent> {
        const url = chosen(urls.value, recipient, 'recipientUrls');
        if (!url.ok) return url;
        const own = fields['teams'];
        const card = json(fields, 'teams', 'template');
        const sections = json(fields, 'teams', 'sections');
        const facts = json(fields, 'teams', 'facts');
        const actions = json(fields, 'teams', 'potentialAction');
        for (const part of [card, sections, facts, actions]) if (!part.ok) return part;
        const given = (name: string): Record<string, string> => (text(own, name) === '' ? {} : { [name]: text(own, name) });
        const allSections = [
          ...(sections.ok && Array.isArray(sections.value) ? (sections.value as readonly unknown[]) : []),
          ...(facts.ok && facts.value !== undefined ? [{ facts: facts.value }] : []),
        ];
        const body = (card.ok ? card.value : undefined) ?? {
          '@type': 'MessageCard',
          '@context': 'https://schema.org/extensions',
          text: message,
          ...given('title'),
          ...given('text'),
          ...given('summary'),
          ...given('themeColor'),
          ...(allSections.length === 0 ? {} : { sections: allSections }),
          ...(actions.ok && actions.value !== undefined ? { potentialAction: actions.value } : {}),
        };
        const answer = await exchange({ url: url.value, headers: JSON_HEADERS, body: JSON.stringify(body) }, io, signal);
        if (!answer.ok) return answer;
        return isGood(answer.value) && TEAMS_GOOD.includes(answer.value.body.trim()) ? ok(undefined) : err(refusal(url.value, answer.value));
      },
    });
  },
};

export const mattermost: ServiceType = {
  name: 'mattermost',
  create(settings) {
    const problem = missing(settings, ['apiURL', 'token']);
    if (problem !== undefined) return err(problem);
    const url = `${withoutSlash(text(settings, 'apiURL'))}/api/v4/posts`;
    return ok({
      type: 'mattermost',
      async send({ message, fields }, { recipient }, io, signal): Promise<Sent> {
        const attachments = json(fields, 'mattermost', 'attachments');
        if (!attachments.ok) return attachments;
        const body = { channel_id: recipient, message, ...(attachments.value === undefined ? {} : { props: { attachments: attachments.value } }) };
        const headers = { ...JSON_HEADERS, ...bearer(text(settings, 'token')) };
        return send({ url, headers, body: JSON.stringify(body), insecure: flag(settings, 'insecureSkipVerify') }, io, signal);
      },
    });
  },
};

export const telegram: ServiceType = {
  name: 'telegram',
  create(settings) {
    const problem = missing(settings, ['token']);
    if (problem !== undefined) return err(problem);
    return ok({
      type: 'telegram',
      send({ message }, { recipient }, io, signal): Promise<Sent> {
        const [chat = '', thread = ''] = recipient.split('|');
        const body = {
          // Private channels have a number, public ones a name.
          chat_id: /^-?\d+$/.test(chat) ? Number(chat) : `@${chat.replace(/^@/, '')}`,
          text: message,
          parse_mode: 'Markdown',
          ...(/^\d+$/.test(thread) ? { message_thread_id: Number(thread) } : {}),
        };
        return send(
          { url: `https://api.telegram.org/bot${text(settings, 'token')}/sendMessage`, headers: JSON_HEADERS, body: JSON.stringify(body) },
          io,
          signal,
        );
      },
    });
  },
};

export const googleChat: ServiceType = {
  name: 'googlechat',
  create(settings) {
    const urls = textMap(settings, 'webhooks');
    if (!urls.ok) return urls;
    return ok({
      type: 'googlechat',
      async send({ message, fields }, { recipient }, io, signal): Promise<Sent> {
        const address = chosen(urls.value, recipient, 'webhooks');
        if (!address.ok) return address;
        if (!URL.canParse(address.value)) return err(`the address of ${JSON.stringify(recipient)} in "webhooks" is no URL`);
        const own = fields['googlechat'];
        const url = new URL(address.value);
        const thread = text(own, 'threadKey');
        if (thread !== '') {
          url.searchParams.set('threadKey', thread);
          url.searchParams.set('messageReplyOption', 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD');
        }
        const cards: Record<string, unknown> = {};
        for (const name of ['cardsV2', 'cards'] as const) {
          const source = text(own, name);
          if (source === '') continue;
          const read = io.readYaml(source);
          if (!read.ok) return err(`googlechat.${name} of the template: ${read.error}`);
          // A card of the newer form stands in an envelope; who wrote the bare card means the same.
          cards[name] =
            name === 'cardsV2' && Array.isArray(read.value)
              ? read.value.map((card: unknown) => (text(card, 'cardId') === '' && !hasCard(card) ? { card } : card))
              : read.value;
        }
        const body = Object.keys(cards).length === 0 ? { text: message } : cards;
        return send({ url: url.href, headers: JSON_HEADERS, body: JSON.stringify(body) }, io, signal);
      },
    });
  },
};

const hasCard = (card: unknown): boolean => typeof card === 'object' && card !== null && 'card' in card;
