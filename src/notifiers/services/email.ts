// Mail by SMTP. The package that speaks it is loaded with the first message.

import { textAt } from '../../lib/read.js';
import { err, ok } from '../../lib/result.js';
import type { Sent, ServiceType } from '../service.js';
import { flag, missing, text } from './read.js';

/** To connect, and for each silence of the server. */
const TIMEOUT_MS = 10_000;
/** Where the connection is encrypted from its first byte; elsewhere it becomes so when the server offers it. */
const SECURE_PORT = 465;

function transportOptions(settings: unknown) {
  const port = Number(text(settings, 'port'));
  const user = text(settings, 'username');
  return {
    host: text(settings, 'host'),
    port,
    secure: port === SECURE_PORT,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // A message is text: nothing in it is a file or an address to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
    tls: { rejectUnauthorized: !flag(settings, 'insecure_skip_verify') },
    ...(user === '' ? {} : { auth: { user, pass: text(settings, 'password') } }),
  };
}

export const email: ServiceType = {
  name: 'email',
  create(settings) {
    const problem = missing(settings, ['host', 'port', 'from']);
    if (problem !== undefined) return err(problem);
    const port = Number(text(settings, 'port'));
    if (!Number.isInteger(port) || port < 1 || port > 65_535) return err('"port" is a number from 1 to 65535');
    return ok({
      type: 'email',
      async send({ message, fields }, { recipient }, _io, signal): Promise<Sent> {
        const body = text(fields, 'email', 'body') || message;
        const { createTransport } = await import('nodemailer');
        const transport = createTransport(transportOptions(settings));
        const giveUp = (): void => transport.close();
        signal.addEventListener('abort', giveUp, { once: true });
        try {
          await transport.sendMail({
            from: text(settings, 'from'),
            to: recipient,
            subject: textAt(fields, 'email', 'subject') ?? '',
            ...(flag(settings, 'html') ? { html: body } : { text: body }),
          });
          return ok(undefined);
        } catch (fault) {
          return err(`${text(settings, 'host')}:${port}: ${fault instanceof Error ? fault.message : String(fault)}`);
        } finally {
          signal.removeEventListener('abort', giveUp);
          transport.close();
        }
      },
    });
  },
};
