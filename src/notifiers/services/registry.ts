// The service types that there are, and what is said of the others.

import { err, type Result } from '../../lib/result.js';
import type { Service, ServiceType } from '../service.js';
import { alertmanager, opsgenie, pagerDuty } from './alarms.js';
import { googleChat, mattermost, teams, telegram } from './chats.js';
import { email } from './email.js';
import { slack } from './slack.js';
import { webhook } from './webhook.js';

export const SERVICE_TYPES: readonly ServiceType[] = [webhook, slack, email, teams, mattermost, telegram, googleChat, alertmanager, pagerDuty, opsgenie];

export function createService(type: string, settings: unknown): Result<Service, string> {
  const found = SERVICE_TYPES.find(({ name }) => name === type);
  if (found !== undefined) return found.create(settings);
  return err(
    `services of type ${JSON.stringify(type)} are not there; there are ${SERVICE_TYPES.map(({ name }) => name).join(', ')}, and a webhook reaches most others`,
  );
}
