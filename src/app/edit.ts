// A rollout in the person's editor: what is written is checked, by the server too, before anybody is asked whether to send it.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
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
import { readYaml } from './yaml-text.js';

/** After so many refusals of the same editing, the way back is free. */
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

type Patch = Change & { readonly type: 'patch' };

/** What the person wrote, as a patch of the spec that was seen: the generation counts specs, so a newer one is not overwritten. */
function readEdited(text: string, before: KubeObject): Result<{ readonly change: Patch; readonly lines: readonly string[] }, string> {
  const document = readYaml(text);
  if (!document.ok) {
    const [{ line, message }] = document.error;
    return err(`line ${line}: ${message}`);
  }
  const { value } = document.value;
  if (!isRecord(value) || !isRecord(value['metadata']) || !isRecord(value['spec'])) return err('it is no rollout with metadata and spec');
  const after = value as KubeObject;
  const lines = differences(before, after);
  const foreign = lines.find((line) => !OPEN.some((open) => new RegExp(`^${open}\\b`).test(line)));
  if (foreign !== undefined) return err(`only spec, labels and annotations can be changed here, not ${foreign}`);
  const guards = tests([
    ['/metadata/uid', before.metadata.uid],
    ['/metadata/generation', before.metadata.generation],
  ]);
  const spec: JsonPatchOperation[] = deepEqual(before['spec'], after['spec']) ? [] : [{ op: 'replace', path: '/spec', value: after['spec'] }];
  const body = [...guards, ...spec, ...mapOperations('labels', before, after), ...mapOperations('annotations', before, after)];
  return ok({ change: { type: 'patch', ref: refOf(ROLLOUT, before), patchType: 'json', body, why: 'edited by a person' }, lines });
}

/** The server's verdict, without the change being made. */
async function checkByServer(cluster: Cluster, { ref, patchType, body }: Patch): Promise<string | undefined> {
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

/** The terminal must be the editor's while this runs. What a person wrote and nobody took stays in its file, which the refusal names. */
export async function editObject(cluster: Cluster, object: KubeObject, environment: Environment): Promise<Result<Edited, string>> {
  const before = editable(object);
  const original = stringify(before);
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-edit-'));
  const file = path.join(folder, `${object.metadata.name}.yaml`);
  let kept = false;
  const refused = (times: string, complaint: string): Result<never, string> => {
    kept = true;
    return err(`nothing was sent; it was refused${times}: ${complaint.split('\n')[0] ?? ''}; what you wrote is in ${file}`);
  };
  try {
    let text = original;
    let complaint: string | undefined;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const offered = head(complaint) + text;
      await writeFile(file, offered, { mode: OWNER_ONLY });
      const ran = await runEditor(environment, file);
      if (!ran.ok) return ran;
      const written = await readFile(file, 'utf8');
      if (complaint !== undefined && written === offered) return refused('', complaint);
      text = withoutHead(written);
      if (text.trim() === original.trim()) return err('nothing was edited: nothing was sent.');
      const read = readEdited(text, before);
      complaint = read.ok ? await checkByServer(cluster, read.value.change) : read.error;
      if (read.ok && complaint === undefined) return ok({ changes: [read.value.change], lines: read.value.lines });
    }
    return refused(` ${MOST_ROUNDS} times`, complaint ?? '');
  } finally {
    if (!kept) await rm(folder, { recursive: true, force: true });
  }
}
