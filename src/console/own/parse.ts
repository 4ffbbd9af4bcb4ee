// The schema of commands.yaml: commands of a person's own (k9s calls them plugins) and hotkeys. A key that means something
// already is refused here, so that no file makes a habit of the hand do something else.

import { isRecord } from '../../lib/deep.js';
import { err, ok, type Result } from '../../lib/result.js';
import { FIRST_WORDS, readCommand } from '../command-line.js';
import { isKeyName } from '../key.js';
import type { Keymap } from '../keymap.js';
import { describeValue, type FieldProblem, problem } from '../problem.js';
import { argumentProblem, inputField } from './fields.js';
import { keyClash } from './keys.js';
import { ANY_SCOPE, answerProblem, type HotKey, type Input, type InputType, NO_OWN, type Own, type OwnCommand, scopeKind } from './own.js';
import { COMMAND_ROWS, type FieldKind, type FieldRow, HOT_KEY_ROWS, IDENTIFIER_PATTERN, LONGEST_TEXT, MOST_ENTRIES, NAME_PATTERN } from './rows.js';

type Path = readonly string[];
type Values = Readonly<Record<string, unknown>>;
type Read<T> = { readonly value: T; readonly problems: readonly FieldProblem[] };

const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));

/** "Shift-A" and "Ctrl-L" are how k9s writes what is "A" and "ctrl-l" in a keymap. */
function keyHint(value: unknown): string {
  if (typeof value !== 'string') return '';
  const shifted = /^shift-(.)$/i.exec(value)?.[1];
  const other = shifted === undefined ? value.toLowerCase() : shifted.toUpperCase();
  return other !== value && isKeyName(other) ? `; here it is called ${other}` : '';
}

/** The kept form of a field, or what is wrong with it as a clause. Lists of maps are read by `readMaps`. */
function readField(kind: Exclude<FieldKind, { readonly type: 'maps' }>, value: unknown): Result<unknown, string> {
  const wrong = (wanted: string): Result<unknown, string> => err(`must be ${wanted}, not ${describeValue(value)}`);
  const isText = typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT;
  switch (kind.type) {
    case 'text':
      return isText ? ok(value) : wrong(`a text of at most ${LONGEST_TEXT} characters`);
    case 'flag':
      return typeof value === 'boolean' ? ok(value) : wrong('true or false');
    case 'key':
      return typeof value === 'string' && isKeyName(value)
        ? ok(value)
        : err(`${describeValue(value)} is no key: write one character, or a name such as f5, ctrl-l (quote digits)${keyHint(value)}`);
    case 'identifier':
      return typeof value === 'string' && new RegExp(IDENTIFIER_PATTERN).test(value) ? ok(value) : wrong('a name of letters, digits and _');
    case 'plain':
      return isPlain(value) && String(value).length <= LONGEST_TEXT ? ok(String(value)) : wrong('a text, a number, or true or false');
    case 'word':
      return kind.words.some((word) => word === value) ? ok(value) : wrong(kind.words.join(', '));
    case 'words':
      return Array.isArray(value) && value.length > 0 && value.every((each) => kind.words.some((word) => word === each))
        ? ok(value)
        : err(`must be a list of ${kind.words.join(', ')}`);
    case 'plain-list':
      return Array.isArray(value) && value.length <= kind.most && value.every((each) => isPlain(each) && String(each).length <= LONGEST_TEXT)
        ? ok(value.map(String))
        : wrong(`a list of at most ${kind.most} texts or numbers`);
  }
}

function readMaps({ most, rows }: FieldKind & { readonly type: 'maps' }, value: unknown, path: Path): Read<readonly Values[]> {
  if (!Array.isArray(value) || value.length > most) return { value: [], problems: [problem(path, `must be a list of at most ${most} maps`)] };
  const read = value.map((each: unknown, place) => readMap(rows, each, [...path, String(place)]));
  return { value: read.map((each) => each.value), problems: read.flatMap(({ problems }) => problems) };
}

function readMap(rows: readonly FieldRow[], value: unknown, path: Path): Read<Values> {
  if (!isRecord(value)) return { value: {}, problems: [problem(path, `must be a map, not ${describeValue(value)}`)] };
  const known = rows.map(({ name }) => name);
  const problems = Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => problem([...path, name], `is not known here; known are ${known.join(', ')}`));
  const kept: Record<string, unknown> = {};
  for (const { name, kind, required } of rows) {
    const at = [...path, name];
    if (value[name] === undefined) {
      if (required) problems.push(problem(path, `has no ${name}`));
      continue;
    }
    if (kind.type === 'maps') {
      const read = readMaps(kind, value[name], at);
      kept[name] = read.value;
      problems.push(...read.problems);
      continue;
    }
    const read = readField(kind, value[name]);
    if (read.ok) kept[name] = read.value;
    else problems.push(problem(at, read.error));
  }
  return { value: kept, problems };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter(isPlain).map(String) : []);

function inputOf(values: Values): Input {
  const given = textOf(values['type']);
  const type = (given === 'dropdown' ? 'choice' : given) as InputType;
  const options = type === 'bool' ? ['false', 'true'] : textsOf(values['options']);
  const name = textOf(values['name']);
  const initial = textOf(values['default']);
  const first = type === 'bool' || type === 'choice' ? (options[0] ?? '') : '';
  return { name, label: textOf(values['label']) || name, type, required: values['required'] === true, initial: initial === '' ? first : initial, options };
}

function inputProblems(inputs: readonly Input[], path: Path): readonly FieldProblem[] {
  return inputs.flatMap((input, place) => {
    const at = [...path, String(place)];
    if (inputs.findIndex(({ name }) => inputField(name) === inputField(input.name)) < place)
      return [problem([...at, 'name'], `${input.name} is asked for twice`)];
    if (input.type === 'choice' && input.options.length === 0) return [problem(at, 'has no options to choose from')];
    if (input.type !== 'choice' && input.type !== 'bool' && input.options.length > 0) return [problem([...at, 'options'], 'is for a choice only')];
    if (input.type === 'secret' && input.initial !== '') return [problem([...at, 'default'], 'a secret does not stand in a file')];
    const wrong = input.initial === '' ? undefined : answerProblem(input, input.initial);
    return wrong === undefined ? [] : [problem([...at, 'default'], wrong)];
  });
}

function commandOf(name: string, values: Values): OwnCommand {
  const flag = (field: string): boolean => values[field] === true;
  const words = textsOf(values['scopes']);
  const inputs = Array.isArray(values['inputs']) ? (values['inputs'] as readonly Values[]).map(inputOf) : [];
  const scopes = words.includes(ANY_SCOPE) ? [] : [...new Set(words.flatMap((word) => scopeKind(word) ?? []))];
  return {
    name,
    description: textOf(values['description']),
    shortCut: textOf(values['shortCut']) || undefined,
    override: flag('override'),
    scopes,
    command: textOf(values['command']),
    args: textsOf(values['args']),
    background: flag('background'),
    confirm: flag('confirm'),
    dangerous: flag('dangerous'),
    readOnly: flag('readOnly'),
    inputs,
  };
}

function commandProblems(command: OwnCommand, path: Path): readonly FieldProblem[] {
  const { args, inputs, readOnly, dangerous } = command;
  const secrets = inputs.filter(({ type }) => type === 'secret').map(({ name }) => name);
  const names = inputs.map(({ name }) => name);
  const wrong = args.flatMap((_arg, place) => {
    const why = argumentProblem(command, place, names, secrets);
    return why === undefined ? [] : [problem([...path, 'args', String(place)], why)];
  });
  const both = readOnly && dangerous ? [problem([...path, 'dangerous'], 'what is readOnly is not dangerous: take one of them away')] : [];
  return [...inputProblems(inputs, [...path, 'inputs']), ...both, ...wrong];
}

function hotKeyProblems({ line }: HotKey, path: Path): readonly FieldProblem[] {
  const { verb } = readCommand(line);
  return FIRST_WORDS.includes(verb) ? [] : [problem([...path, 'command'], `"${verb}" is no command of the console: there are ${FIRST_WORDS.join(', ')}`)];
}

function nameProblem(name: string, path: Path): FieldProblem | undefined {
  if (!new RegExp(NAME_PATTERN).test(name)) return problem(path, 'a name has letters, digits, dots, - and _, and 40 of them at most');
  return FIRST_WORDS.includes(readCommand(name).verb) ? problem(path, `:${name} is a command of the console already: choose another name`) : undefined;
}

/** Entries of one of the two maps: those that are right in themselves, and what is wrong with the others. */
function readEntries<T>(
  value: unknown,
  section: string,
  rows: readonly FieldRow[],
  make: (name: string, values: Values) => T,
  check: (made: T, path: Path) => readonly FieldProblem[],
): Read<readonly T[]> {
  if (value === undefined || value === null) return { value: [], problems: [] };
  const entries = isRecord(value) ? Object.entries(value) : undefined;
  if (entries === undefined || entries.length > MOST_ENTRIES)
    return { value: [], problems: [problem([section], `must be a map from at most ${MOST_ENTRIES} names, not ${describeValue(value)}`)] };
  const problems: FieldProblem[] = [];
  const made = entries.flatMap(([name, each]) => {
    const path = [section, name];
    const read = readMap(rows, each, path);
    const wrongName = nameProblem(name, path);
    const entry = read.problems.length > 0 ? undefined : make(name, read.value);
    const found = [...(wrongName === undefined ? [] : [wrongName]), ...read.problems, ...(entry === undefined ? [] : check(entry, path))];
    problems.push(...found);
    return entry === undefined || found.length > 0 ? [] : [entry];
  });
  return { value: made, problems };
}

const hotKeyOf = (name: string, values: Values): HotKey => ({
  name,
  description: textOf(values['description']),
  shortCut: textOf(values['shortCut']),
  override: values['override'] === true,
  line: textOf(values['command']).replace(/^:/, ''),
});

/** Keys that mean something already, in this keymap or further up in this file; and names that are there twice. */
function clashes({ commands, hotKeys }: Own, keymap: Keymap): readonly FieldProblem[] {
  const entries = [...commands.map((entry) => ({ section: 'commands', entry })), ...hotKeys.map((entry) => ({ section: 'hotKeys', entry }))];
  const keys = new Map<string, string>();
  return entries.flatMap(({ section, entry }) => {
    const { name, shortCut, override } = entry;
    const path = [section, name];
    const twice = section === 'hotKeys' && commands.some((each) => each.name === name) ? [problem(path, 'a command has this name already')] : [];
    if (shortCut === undefined) return twice;
    const other = keys.get(shortCut);
    keys.set(shortCut, name);
    const why = other === undefined ? keyClash(keymap, shortCut, override) : `${shortCut} is already the key of ${other}`;
    return why === undefined ? twice : [...twice, problem([...path, 'shortCut'], why)];
  });
}

/** `plugins` is what k9s writes, and what the settings call something else. */
function sectionHint(name: string): string {
  return name === 'plugins' ? '; what k9s calls plugins are commands here (plugins in config.yaml are modules for the engine)' : '';
}

/** Takes what a YAML parser made of the file. All that is wrong is told at once. An empty file brings nothing. */
export function parseOwn(value: unknown, keymap: Keymap): Result<Own, readonly FieldProblem[]> {
  if (value === null || value === undefined) return ok(NO_OWN);
  if (!isRecord(value)) return err([problem([], `commands.yaml is a map with commands and hotKeys, not ${describeValue(value)}`)]);
  const unknown = Object.keys(value)
    .filter((name) => name !== 'commands' && name !== 'hotKeys')
    .map((name) => problem([name], `is not known here; known are commands, hotKeys${sectionHint(name)}`));
  const commands = readEntries(value['commands'], 'commands', COMMAND_ROWS, commandOf, commandProblems);
  const hotKeys = readEntries(value['hotKeys'], 'hotKeys', HOT_KEY_ROWS, hotKeyOf, hotKeyProblems);
  const own = { commands: commands.value, hotKeys: hotKeys.value };
  const problems = [...unknown, ...commands.problems, ...hotKeys.problems, ...clashes(own, keymap)];
  return problems.length > 0 ? err(problems) : ok(own);
}
