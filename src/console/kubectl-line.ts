// A change as the kubectl command that does the same: to be read, learned from, and pasted into another shell.

import type { Change } from '../kinds/change.js';

const quoted = (text: string): string => (/^[A-Za-z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

/** The whole object of an update would bury the command. */
const INPUT = '# the object on standard input\n';

/** `asFlags`: `--as` and `--as-group`, when every request is made for somebody else. */
export function kubectlLine(change: Change, context: string, asFlags: readonly string[]): string {
  const { ref } = change;
  const resource = ref.type.group === '' ? ref.type.plural : `${ref.type.plural}.${ref.type.group}`;
  const place = ['kubectl', ...(context === '' ? [] : ['--context', quoted(context)]), ...asFlags.map(quoted), '-n', quoted(ref.namespace ?? '')];
  switch (change.type) {
    case 'patch': {
      const subresource = change.subresource === undefined ? [] : [`--subresource=${change.subresource}`];
      const patch = ['patch', resource, quoted(ref.name), ...subresource, `--type=${change.patchType}`, '-p', quoted(JSON.stringify(change.body))];
      return [...place, ...patch].join(' ');
    }
    case 'delete':
      return [...place, 'delete', resource, quoted(ref.name)].join(' ');
    case 'create':
      return `${INPUT}${[...place, 'create', '-f', '-'].join(' ')}`;
    case 'update':
      return `${INPUT}${[...place, 'replace', '-f', '-'].join(' ')}`;
  }
}
