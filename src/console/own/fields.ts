// Fields of the selected object in a command of one's own: where they may stand, and how they are put in. A field never leaves
// the one argument that it stands in; into the script of a shell nothing is put at all, the shell reads it as its variable.

/** What stands for what. `FIELDS` come from the object; $INPUT_NAME, ${label:KEY} and ${annotation:KEY} besides. */
export const FIELDS = [
  'NAME',
  'NAMESPACE',
  'KIND',
  'CONTEXT',
  'KUBECONFIG',
  'ROLLOUT',
  'POD',
  'CONTAINER',
  'REVISION',
  'IMAGE',
  'PHASE',
  'STEP',
  'WEIGHT',
  'HASH',
  'STABLE_HASH',
] as const;

export type FieldName = (typeof FIELDS)[number];

export type FieldValues = Readonly<Record<string, string>>;

const PLACE = /\$(?:\$|\{([^{}]*)\}|(COL-[A-Z0-9_-]+|[A-Z][A-Z0-9_]*))/g;

const KEYED_FIELD = /^(label|annotation):(.+)$/;

const INPUT_PREFIX = 'INPUT_';

/** What stands for the answer to an input: $INPUT_TAIL for `tail`. */
export const inputField = (name: string): string => `${INPUT_PREFIX}${name.toUpperCase()}`;

/** Names of the fields in a text, as they are written there: "$$" is a dollar and none. */
function placesIn(text: string): readonly string[] {
  return [...text.matchAll(PLACE)].flatMap(([, braced, bare]) => braced ?? bare ?? []);
}

const isKeyed = (field: string): boolean => KEYED_FIELD.test(field);

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh', 'ash', 'fish']);

const SCRIPT_FLAG = /^-[a-z]*c$/;

/** Where the word after the shell's `-c` is; undefined when it runs no script from its arguments. */
function scriptBehind(words: readonly string[], shell: number): number | undefined {
  for (let place = shell + 1; place < words.length; place += 1) {
    const word = words[place] ?? '';
    if (SCRIPT_FLAG.test(word)) return place + 1 < words.length ? place + 1 : undefined;
    // `-o pipefail` is a flag with a word behind it.
    if (!/^[-+]/.test(word) && !/^[-+][a-z]*o$/.test(words[place - 1] ?? '')) return undefined;
  }
  return undefined;
}

type Script = { readonly place: number; /** The shell is the command itself: its variables are ours to set. */ readonly ours: boolean };

function scriptsIn(words: readonly string[]): readonly Script[] {
  return words.flatMap((word, at) => {
    const place = SHELLS.has(word.slice(word.lastIndexOf('/') + 1)) ? scriptBehind(words, at) : undefined;
    return place === undefined ? [] : [{ place, ours: at === 0 }];
  });
}

type Line = { readonly command: string; readonly args: readonly string[] };

const scriptOf = ({ command, args }: Line): number | undefined => scriptsIn([command, ...args]).find(({ ours }) => ours)?.place;

const isKnown = (field: string, inputs: readonly string[]): boolean =>
  isKeyed(field) || FIELDS.some((each) => each === field) || inputs.some((name) => field === inputField(name));

/** What is wrong with the fields of argument `place` (0 is the first of `args`), as a clause; undefined when nothing is. */
export function argumentProblem(line: Line, place: number, inputs: readonly string[], secrets: readonly string[]): string | undefined {
  const text = line.args[place] ?? '';
  const fields = placesIn(text);
  const script = scriptsIn([line.command, ...line.args]).find((each) => each.place === place + 1);
  const keyed = fields.find((field) => (script?.ours === true ? isKeyed(field) : isKnown(field, inputs)));
  if (script !== undefined && keyed !== undefined)
    return `has ${fieldText(keyed)} in a script, where what it holds could be run: give it as an argument behind the script, and write "$1" there`;
  if (script !== undefined) return undefined;
  const secret = fields.find((field) => secrets.some((name) => field === inputField(name)));
  if (secret !== undefined) return `has the secret $${secret}: command lines are seen by others on this machine; read $SLUICE_${secret} from the environment`;
  const unknown = fields.find((field) => !isKnown(field, inputs));
  if (unknown === undefined) return undefined;
  return `has no field ${fieldText(unknown)}: fields are ${FIELDS.join(', ')}, ${INPUT_PREFIX}NAME of an input, {label:KEY} and {annotation:KEY}; $$ is a dollar`;
}

/** All fields that the object must have for the command to be run, in their order. */
export function fieldsOf(line: Line, inputs: readonly string[]): readonly string[] {
  const found = line.args.flatMap(placesIn).filter((field) => isKnown(field, inputs) && !field.startsWith(INPUT_PREFIX));
  return [...new Set(found)];
}

/** What is run. `variables` are those that a script of ours reads under their short names. */
export type Filled = { readonly args: readonly string[]; readonly variables: FieldValues };

export function fill(line: Line, values: FieldValues): Filled {
  const script = scriptOf(line);
  const put = (text: string): string =>
    text.replace(PLACE, (whole, braced: string | undefined, bare: string | undefined) => {
      const field = braced ?? bare;
      return field === undefined ? '$' : (values[field] ?? whole);
    });
  const args = line.args.map((text, place) => (place + 1 === script ? text : put(text)));
  // Answers that are empty are answers, too: a script may not find what another program has left there.
  const named = script === undefined ? [] : Object.keys(values).filter((field) => !isKeyed(field) && (values[field] !== '' || field.startsWith(INPUT_PREFIX)));
  return { args, variables: Object.fromEntries(named.map((field) => [field, values[field] ?? ''])) };
}

/** The variables that the script names itself: for showing what it reads. */
export function readBy(line: Line, variables: FieldValues): readonly string[] {
  const script = scriptOf(line);
  const read = script === undefined ? [] : placesIn(line.args[script - 1] ?? '');
  return [...new Set(read.filter((field) => variables[field] !== undefined))];
}

/** As it is written in an argument. */
export const fieldText = (field: string): string => (isKeyed(field) ? `\${${field}}` : `$${field}`);

/** ${label:team}: which map of the metadata, and its key. */
export function keyedField(field: string): { readonly map: 'labels' | 'annotations'; readonly key: string } | undefined {
  const [, map, key] = KEYED_FIELD.exec(field) ?? [];
  return key === undefined ? undefined : { map: map === 'label' ? 'labels' : 'annotations', key };
}
