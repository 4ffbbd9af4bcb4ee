// A change as the kubectl command that does the same: to be read, learned from, and pasted into another shell.

import type { Change } from '../kinds/change.js';

/** As a shell takes it for one word. */
export const shellQuoted = (text: string): string => (/^[A-Za-z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

/** The whole object of an update would bury the command. */
const INPUT = '# the object on standard input\n';

/** `asFlags`: `--as` and `--as-group`, when every request is made for somebody else. */
export function kubectlLine(change: Change, context: string, asFlags: readonly string[]): string {
  const { ref } = change;
  const resource = ref.type.group === '' ? ref.type.plural : `${ref.type.plural}.${ref.type.group}`;
  const place = [
    'kubectl',
    ...(context === '' ? [] : ['--context', shellQuoted(context)]),
    ...asFlags.map(shellQuoted),
    '-n',
    shellQuoted(ref.namespace ?? ''),
  ];
  switch (change.type) {
    case 'patch': {
      const subresource = change.subresource === undefined ? [] : [`--subresource=${change.subresource}`];
      const patch = ['patch', resource, shellQuoted(ref.name), ...subresource, `--type=${change.patchType}`, '-p', shellQuoted(JSON.stringify(change.body))];
      return [...place, ...patch].join(' ');
    }
    case 'delete':
      return [...place, 'delete', resource, shellQuoted(ref.name)].join(' ');
    case 'create':
      return `${INPUT}${[...place, 'create', '-f', '-'].join(' ')}`;
    case 'update':
      return `${INPUT}${[...place, 'replace', '-f', '-'].join(' ')}`;
  }
}
