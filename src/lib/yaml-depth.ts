// How deep the lists and maps of a YAML text stand in each other, by its tokens alone. Its parser takes the square of that depth in
// time, or all of the stack: what is deeper than any person writes is not parsed.

/** Brackets, indentation and indicators together; a key that stands behind an indicator is not counted beside it. */
export const DEEPEST_YAML = 100;

/** Tokens that take no room in the text: byte order mark, document, end of a faulty flow, and "a scalar comes now". */
const MARKS: readonly string[] = ['\uFEFF', '\u0002', '\u0018', '\u001F'];

/** `tokens` are those of the `yaml` package's Lexer. The line, from 1, on which they get deeper than that; undefined: nowhere. */
export function tooDeepLine(tokens: Iterable<string>): number | undefined {
  /** Where the lists and maps without brackets that are open begin. */
  const columns: number[] = [];
  let brackets = 0;
  let line = 1;
  let column = 0;
  /** Nothing of this line has come but spaces. */
  let fresh = true;
  for (const token of tokens) {
    if (MARKS.includes(token)) continue;
    // Neither space, nor a comment, nor the text below a "|", which begins with its indentation.
    const isContent = /^[^\s#]/.test(token);
    if (token === '[' || token === '{') brackets += 1;
    else if (token === ']' || token === '}') brackets = Math.max(0, brackets - 1);
    else if (brackets === 0 && isContent && (fresh || token === '-' || token === '?')) {
      while ((columns.at(-1) ?? -1) >= column) columns.pop();
      columns.push(column);
    }
    if (columns.length + brackets > DEEPEST_YAML) return line;
    const breaks = token.split('\n').length - 1;
    line += breaks;
    column = breaks === 0 ? column + token.length : token.length - token.lastIndexOf('\n') - 1;
    if (isContent) fresh = false;
    else if (breaks > 0) fresh = true;
  }
  return undefined;
}
