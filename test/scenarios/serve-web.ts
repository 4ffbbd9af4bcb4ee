// The scripted web server over HTTP on loopback, for an engine that is another process.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scriptedWeb } from './web.js';
import type { ScriptedWeb } from './web.js';

const PREFIX = '/x';

export async function serveWeb(): Promise<{ readonly web: ScriptedWeb; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    const { status, headers, body } = web.answer(path.startsWith(PREFIX) ? path.slice(PREFIX.length) : undefined);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const web = scriptedWeb(`127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}`);
  return {
    web,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
