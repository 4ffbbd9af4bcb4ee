// A rollout in the person's editor: what is written is checked, by the server too, before anybody is asked whether to send it.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseDocument, stringify } from 'yaml';
import type { Cluster } from '../cluster/cluster.js';
import { signalOfCode, spawnForeground } from '../cluster/foreground.js';
import type { Edited } from '../console/message.js';
import { tests } from '../decide/rollout/command-patch.js';
import type { Change, JsonPatchOperation } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { refOf } from '../kinds/object-ref.js';
import { ROLLOUT } from '../kinds/resource-type.js';
import { deepEqual, isRecord } from '../lib/deep.js';
import { OWNER_ONLY } from '../lib/owner-only.js';
import { err, ok, type Result } from '../lib/result.js';

/** After so many refusals of the same editing, the file is kept for the person and the way back is free. */
const MOST_ROUNDS = 10;

const LONGEST_VALUE = 60;

type Environment = Readonly<Record<string, string | undefined>>;

/** What a person writes: no status, and no bookkeeping of the server. */
function editable(object: KubeObject): KubeObject {
  const { managedFields: _fields, ...metadata } = object.metadata;
  const { status: _status, ...rest } = object as KubeObject & { readonly status?: unknown };
  return { ...rest, metadata };
}

function short(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** "spec.replicas: 3 becomes 5", one for each field that differs. */
export function differences(before: unknown, after: unknown, at = ''): string[] {
  if (deepEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((value: unknown, index) => differences(value, after[index], `${at}[${index}]`));
  }
  if (!isRecord(before) || !isRecord(after)) return [`${at}: ${short(before)} becomes ${short(after)}`];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => differences(before[name], after[name], at === '' ? name : `${at}.${name}`));
}

/** What may be changed: the rest is the server's, or would make another object of it. */
const OPEN = ['spec', 'metadata.labels', 'metadata.annotations'];

const pointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Labels or annotations one by one: an engine may write others meanwhile. */
function mapOperations(name: 'labels' | 'annotations', before: KubeObject, after: KubeObject): JsonPatchOperation[] {
  const was = before.metadata[name];
  const now = after.metadata[name] ?? {};
  if (was === undefined) return Object.keys(now).length === 0 ? [] : [{ op: 'add', path: `/metadata/${name}`, value: now }];
  const path = (key: string): string => `/metadata/${name}/${pointer(key)}`;
  const gone = Object.keys(was).filter((key) => now[key] === undefined);
  const other = Object.entries(now).filter(([key, value]) => was[key] !== value);
  return [...gone.map((key) => ({ op: 'remove' as const, path: path(key) })), ...other.map(([key, value]) => ({ op: 'add' as const, path: path(key), value }))];
}

/** What the person wrote, as a patch of the spec that was seen: the generation counts specs, so a newer one is not overwritten. */
function readEdited(text: string, before: KubeObject): Result<Change & { readonly type: 'patch' }, string> {
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) return err(`line ${fault.linePos?.[0].line ?? 1}: ${fault.message.split('\n')[0] ?? ''}`);
  const value: unknown = document.toJS();
  if (!isRecord(value) || !isRecord(value['metadata']) || !isRecord(value['spec'])) return err('it is no rollout with metadata and spec');
  const after = value as KubeObject;
  const foreign = differences(before, after).find((line) => !OPEN.some((open) => new RegExp(`^${open}\\b`).test(line)));
  if (foreign !== undefined) return err(`only spec, labels and annotations can be changed here, not ${foreign}`);
  const guards = tests([
    ['/metadata/uid', before.metadata.uid],
    ['/metadata/generation', before.metadata.generation],
  ]);
  const spec: JsonPatchOperation[] = deepEqual(before['spec'], after['spec']) ? [] : [{ op: 'replace', path: '/spec', value: after['spec'] }];
  const body = [...guards, ...spec, ...mapOperations('labels', before, after), ...mapOperations('annotations', before, after)];
  return ok({ type: 'patch', ref: refOf(ROLLOUT, before), patchType: 'json', body, why: 'edited by a person' });
}

/** The server's verdict, without the change being made. */
async function checkByServer(cluster: Cluster, { ref, patchType, body }: Change & { readonly type: 'patch' }): Promise<string | undefined> {
  const answer = await cluster.patch(ref, patchType, body, { dryRun: true, fieldValidation: 'Strict' });
  // The server quotes the whole object before it says what is wrong with it.
  return answer.ok ? undefined : answer.error.message.replace(/^.*Invalid value: ".*": /s, '');
}

export function editorOf(environment: Environment): string {
  const { VISUAL: visual = '', EDITOR: editor = '' } = environment;
  return visual !== '' ? visual : editor !== '' ? editor : 'vi';
}

/** Runs `EDITOR file` as a shell would read the variable. Resolves when it has ended; the failure is a sentence. */
function runEditor(environment: Environment, file: string): Promise<Result<undefined, string>> {
  const editor = editorOf(environment);
  return new Promise((resolve) => {
    const { child } = spawnForeground('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { env: environment, captured: false });
    child.on('error', (error) => resolve(err(`the editor "${editor}" can not be started: ${error.message}`)));
    child.on('close', (code, signal) =>
      resolve(code === 0 ? ok(undefined) : err(`the editor "${editor}" ended with ${signal ?? signalOfCode(code) ?? `code ${code ?? '?'}`}: nothing was sent`)),
    );
  });
}

const head = (complaint: string | undefined): string =>
  complaint === undefined
    ? ''
    : `${complaint
        .split('\n')
        .map((line) => `# REFUSED: ${line}`)
        .join('\n')}\n# Correct it, or leave it as it is to give up.\n`;

const withoutHead = (text: string): string => text.replace(/^(?:# (?:REFUSED:|Correct it,)[^\n]*\n)+/, '');

/** The terminal must be the editor's while this runs. */
export async function editObject(cluster: Cluster, object: KubeObject, environment: Environment): Promise<Result<Edited, string>> {
  const before = editable(object);
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-edit-'));
  const file = path.join(folder, `${object.metadata.name}.yaml`);
  try {
    let text = stringify(before);
    let complaint: string | undefined;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const offered = head(complaint) + text;
      await writeFile(file, offered, { mode: OWNER_ONLY });
      const ran = await runEditor(environment, file);
      if (!ran.ok) return ran;
      const written = await readFile(file, 'utf8');
      if (complaint !== undefined && written === offered) return err(`nothing was sent; it was refused: ${complaint.split('\n')[0] ?? ''}`);
      text = withoutHead(written);
      const read = readEdited(text, before);
      if (text.trim() === stringify(before).trim()) return err('nothing was edited: nothing was sent.');
      complaint = read.ok ? await checkByServer(cluster, read.value) : read.error;
      if (read.ok && complaint === undefined) return ok({ changes: [read.value], lines: differences(before, parseDocument(text).toJS()) });
    }
    return err(`nothing was sent; it was refused ${MOST_ROUNDS} times: ${complaint ?? ''}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
