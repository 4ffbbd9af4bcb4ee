// YAML that a person wrote, as values: whatever it is, the answer is a value or what is wrong on which line, never an exception.

import { type Document, Lexer, LineCounter, parseAllDocuments } from 'yaml';
import { err, ok, type Result } from '../lib/result.js';
import { DEEPEST_YAML, tooDeepLine } from '../lib/yaml-depth.js';
import { withQuotesIndented } from './yaml-quotes.js';

/** Both count from 1. */
export type YamlPlace = { readonly line: number; readonly col: number };
export type YamlProblem = YamlPlace & { readonly message: string };
export type YamlProblems = readonly [YamlProblem, ...YamlProblem[]];

export type YamlDocument = {
  readonly value: unknown;
  /** Where the field stands, or what is nearest around it. */
  placeOf(path: readonly (string | number)[]): YamlPlace;
};

const START: YamlPlace = { line: 1, col: 1 };

/** The parser names the place again at the end of what it says, and quotes the lines. */
const firstLine = (message: string): string => (message.split('\n')[0] ?? message).replace(/(?: at line \d+, column \d+)?:?$/, '');

function placeIn(document: Document.Parsed, lines: LineCounter, at: readonly (string | number)[]): YamlPlace {
  for (let length = at.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? (document.contents ?? document) : document.getIn(at.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as readonly number[] | null | undefined) : undefined;
    if (range?.[0] !== undefined) return lines.linePos(range[0]);
  }
  return START;
}

/** A value that refers to itself is refused here, and one that grows without end by its aliases: nothing behind this expects either. */
function valueOf(document: Document.Parsed): Result<unknown, string> {
  try {
    const value: unknown = document.toJS();
    JSON.stringify(value);
    return ok(value);
  } catch (error) {
    const message = error instanceof Error ? firstLine(error.message) : String(error);
    return err(/circular/i.test(message) ? 'a value refers to itself' : message);
  }
}

/** Rounds of moving quoted texts: each mends the first of every document. */
const MOST_ROUNDS = 50;

type Parsed = { readonly documents: readonly Document.Parsed[]; readonly lines: LineCounter };

function parse(text: string): Parsed {
  const first = parseOnce(text);
  let last = first;
  for (let round = 0, source: string | undefined = text; round < MOST_ROUNDS; round += 1) {
    source = withQuotesIndented(source, last.documents);
    if (source === undefined) break;
    last = parseOnce(source);
  }
  // Where that was not all: what is wrong is told as it was written.
  return last.documents.some(({ errors }) => errors.length > 0) ? first : last;
}

function parseOnce(text: string): Parsed {
  const lines = new LineCounter();
  // Its warnings would be written over the screen.
  const parsed = parseAllDocuments(text, { lineCounter: lines, logLevel: 'error' });
  return { documents: Array.isArray(parsed) ? parsed : [], lines };
}

/** All documents of the text; an empty text has none. */
export function readYamlDocuments(text: string): Result<readonly YamlDocument[], YamlProblems> {
  const deep = tooDeepLine(new Lexer().lex(text));
  if (deep !== undefined) return err([{ line: deep, col: 1, message: `lists and maps stand more than ${DEEPEST_YAML} deep in each other` }]);
  const { documents, lines } = parse(text);
  const found: YamlDocument[] = [];
  for (const document of documents) {
    const [problem, ...others] = document.errors.map(({ linePos, message }) => ({ ...(linePos?.[0] ?? START), message: firstLine(message) }));
    if (problem !== undefined) return err([problem, ...others]);
    const value = valueOf(document);
    if (!value.ok) return err([{ ...placeIn(document, lines, []), message: value.error }]);
    found.push({ value: value.value, placeOf: (path) => placeIn(document, lines, path) });
  }
  return ok(found);
}

/** The one document of the text: that of an empty text is null. */
export function readYaml(text: string): Result<YamlDocument, YamlProblems> {
  const documents = readYamlDocuments(text);
  if (!documents.ok) return documents;
  const [first = { value: null, placeOf: () => START }, second] = documents.value;
  return second === undefined ? ok(first) : err([{ ...second.placeOf([]), message: 'a second document: one is expected here' }]);
}

/** The value alone, or the first thing that is wrong, in one sentence. */
export function readYamlValue(text: string): Result<unknown, string> {
  const read = readYaml(text);
  return read.ok ? ok(read.value.value) : err(`line ${read.error[0].line}: ${read.error[0].message}`);
}
