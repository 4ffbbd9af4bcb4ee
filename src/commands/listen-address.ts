// Where a server of this program listens: on loopback, unless a person names another address.

import { isIP } from 'node:net';
import type { ListenAddress } from '../app/figures/server.js';
import { UsageError } from './command.js';

const HIGHEST_PORT = 65_535;
const LOOPBACK = '127.0.0.1';

/** "127.0.0.1:8090", "[::1]:8090", "localhost:8090"; ":8090" and "8090" are on loopback. Port 0 is any free one. */
export function listenAddress(flag: string, text: string): ListenAddress {
  const [, bracketed, plain, portText = ''] = /^(?:(?:\[([^\]]*)\]|([^:[\]]*)):)?(\d+)$/.exec(text) ?? [];
  const port = Number(portText);
  const host = bracketed ?? (plain === undefined || plain === '' ? LOOPBACK : plain);
  const isHost = bracketed === undefined ? isIP(host) === 4 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host) : isIP(host) === 6;
  if (portText === '' || port > HIGHEST_PORT || !isHost)
    throw new UsageError(`--${flag} must be an address and a port up to ${HIGHEST_PORT}, such as ${LOOPBACK}:8090 or [::1]:8090, not "${text}"`);
  return { host, port };
}
