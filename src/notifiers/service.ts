// One way to send messages. A service gets what templates made of a message; who is told, when and how often is not its business.

import type { Clock } from '../lib/clock.js';
import type { HttpSend } from '../lib/http.js';
import type { Result } from '../lib/result.js';

/** What templates made: the text for everyone, and by service type the fields that only services of that type read. */
export type Notification = {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

/** As annotations and default subscriptions name it. The recipient is "" where a service has but one. */
export type Destination = { readonly service: string; readonly recipient: string };

/** The value of a YAML text that a person wrote, or what is wrong with it in a sentence. */
export type ReadYaml = (text: string) => Result<unknown, string>;

export type ServiceIo = {
  readonly http: HttpSend;
  readonly clock: Clock;
  readonly readYaml: ReadYaml;
};

/** An error is a sentence, without addresses: theirs often are the credential. */
export type Sent = Result<undefined, string>;

export interface Service {
  readonly type: string;
  send(notification: Notification, destination: Destination, io: ServiceIo, signal: AbortSignal): Promise<Sent>;
}

export interface ServiceType {
  /** As in the key `service.<type>`. */
  readonly name: string;
  /** `settings` is the value of that key, with the texts of the Secret in their places. */
  create(settings: unknown): Result<Service, string>;
}
