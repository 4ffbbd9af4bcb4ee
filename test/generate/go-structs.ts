// Reads the structs of Kubernetes' published Go types: which fields they have, how JSON and protobuf carry each, how patches treat its lists.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type GoField = {
  /** The name in JSON; empty for an embedded struct. */
  readonly name: string;
  /** As written in Go: "*metav1.Time", "[]Container", "map[ResourceName]resource.Quantity". */
  readonly type: string;
  /** Of the protobuf message; undefined where the field is in none (TypeMeta). */
  readonly number: number | undefined;
  /** Left out when empty; of an embedded struct's value only `omitzero` says so, Go writes it otherwise. */
  readonly omitted: 'never' | 'empty' | 'zero';
  readonly optional: boolean;
  readonly patchStrategy: readonly string[];
  readonly patchMergeKey: string | undefined;
  readonly listType: string | undefined;
  readonly listMapKeys: readonly string[];
};

export type GoPackage = {
  readonly structs: ReadonlyMap<string, readonly GoField[]>;
  /** Types that are another one under a new name: "RestartPolicy" is "string". */
  readonly aliases: ReadonlyMap<string, string>;
};

const STRUCT = /^type (\w+) struct ?\{(\})?$/;
const ALIAS = /^type (\w+) =? ?([\w.[\]*]+)$/;
const FIELD = /^\t(?:(\w+)\s+)?([\w.[\]*]+)\s+`json:"([^"]*)"(.*)`/;

export function readGoPackage(folder: string): GoPackage {
  const structs = new Map<string, readonly GoField[]>();
  const aliases = new Map<string, string>();
  for (const file of readdirSync(folder).toSorted()) {
    if (!/^[a-z_]+\.go$/.test(file) || /_test|generated|zz_/.test(file)) continue;
    readFile(readFileSync(path.join(folder, file), 'utf8').split('\n'), structs, aliases);
  }
  return { structs, aliases };
}

function readFile(lines: readonly string[], structs: Map<string, readonly GoField[]>, aliases: Map<string, string>): void {
  for (let index = 0; index < lines.length; index += 1) {
    const alias = ALIAS.exec(lines[index] ?? '');
    if (alias !== null) aliases.set(alias[1] ?? '', alias[2] ?? '');
    const struct = STRUCT.exec(lines[index] ?? '');
    if (struct === null) continue;
    const end = struct[2] === undefined ? lines.indexOf('}', index) : index + 1;
    structs.set(struct[1] ?? '', readFields(lines.slice(index + 1, end)));
  }
}

function readFields(lines: readonly string[]): readonly GoField[] {
  const fields: GoField[] = [];
  let comments: string[] = [];
  for (const line of lines) {
    const field = FIELD.exec(line);
    if (field !== null) fields.push(readField(field, comments));
    if (line.trim().startsWith('//')) comments.push(line.trim().slice(2).trim());
    else comments = [];
  }
  return fields;
}

function readField([, , type = '', json = '', rest = '']: RegExpExecArray, comments: readonly string[]): GoField {
  const [name = '', ...options] = json.split(',');
  const tag = (key: string): string | undefined => new RegExp(`${key}:"([^"]*)"`).exec(rest)?.[1];
  const markers = (key: string): readonly string[] => comments.flatMap((comment) => (comment.startsWith(`+${key}=`) ? [comment.slice(key.length + 2).trim()] : []));
  const number = /^[a-z0-9]+,(\d+)/.exec(tag('protobuf') ?? '')?.[1];
  return {
    name,
    type,
    number: number === undefined ? undefined : Number(number),
    omitted: options.includes('omitzero') ? 'zero' : options.includes('omitempty') ? 'empty' : 'never',
    optional: comments.some((comment) => /^\+(k8s:)?optional\b/.test(comment)),
    patchStrategy: (tag('patchStrategy') ?? '').split(',').filter((word) => word !== ''),
    patchMergeKey: tag('patchMergeKey'),
    listType: markers('listType')[0],
    listMapKeys: markers('listMapKey'),
  };
}
