// The import rule, once: which room may import which, and which packages. src/README.md explains it, imports.test.ts enforces it.

export type Room = {
  /** The folder under src/; the longest that fits a file is its room. */
  readonly folder: string;
  /** Rooms whose files this one may import; its own always. */
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
  /** Pure rooms know no clock, chance, timer, process or network: all that comes in as arguments. */
  readonly pure: boolean;
};

const room = (folder: string, rooms: readonly string[], packages: readonly string[] = [], pure = false): Room => ({ folder, rooms, packages, pure });

export const ROOMS: readonly Room[] = [
  room('lib', [], ['get-east-asian-width']),
  room('kinds', ['lib'], [], true),
  room('decide', ['kinds', 'lib'], ['re2js'], true),
  room('go-template', ['decide', 'lib'], ['re2js'], true),
  room('routers', ['kinds', 'lib'], [], true),
  room('providers', ['kinds', 'lib'], ['csv-parse', 'node:http', 'node:https']),
  room('notifiers', ['decide', 'go-template', 'kinds', 'lib'], ['nodemailer', 'node:crypto']),
  room('cluster', ['kinds', 'lib'], ['@kubernetes/client-node', 'yaml', 'node:child_process', 'node:http', 'node:https', 'node:fs', 'node:fs/promises', 'node:os', 'node:path', 'node:stream', 'node:tls', 'node:url']),
  room('controllers', ['decide', 'routers', 'providers', 'notifiers', 'cluster', 'kinds', 'lib']),
  room('apiserver/store', ['kinds', 'lib'], ['fast-json-patch'], true),
  room('apiserver', ['apiserver/store', 'cluster', 'kinds', 'lib']),
  room('apiserver/http', ['apiserver', 'apiserver/store', 'cluster', 'kinds', 'lib'], ['selfsigned', 'yaml', 'node:http', 'node:https', 'node:tls', 'node:crypto', 'node:fs', 'node:fs/promises', 'node:path', 'node:net', 'node:stream']),
  room('sandbox', ['kinds', 'lib'], ['@prometheus-io/lezer-promql', 'graphql'], true),
  room('sandbox/http', ['sandbox', 'cluster', 'kinds', 'lib'], ['node:http', 'node:net']),
  room('sandbox/run', ['sandbox', 'cluster', 'kinds', 'lib']),
  room('console', ['decide', 'routers', 'kinds', 'lib'], [], true),
  room('terminal', ['console', 'kinds', 'lib'], ['blessed', 'blessed-contrib', 'node:events', 'node:stream', 'node:process', 'node:tty', 'node:module', 'node:fs', 'node:path', 'node:url']),
  room('commands', ['decide', 'routers', 'providers', 'notifiers', 'cluster', 'controllers', 'apiserver', 'apiserver/store', 'apiserver/http', 'sandbox', 'sandbox/http', 'sandbox/run', 'console', 'terminal', 'app', 'kinds', 'lib'], ['*']),
  room('app', ['decide', 'routers', 'providers', 'notifiers', 'cluster', 'controllers', 'apiserver', 'apiserver/store', 'apiserver/http', 'sandbox', 'sandbox/http', 'sandbox/run', 'console', 'terminal', 'commands', 'kinds', 'lib'], ['*']),
];
