// A terminal's cells as SVG: text where there are letters, shapes where there are blocks and rules, so that they meet whatever the font.

import type xterm from '@xterm/headless';

const CELL_WIDTH = 8.4;
const CELL_HEIGHT = 17;
const BASELINE = 13;
const FONT_SIZE = 14;
const MARGIN = 12;
const RULE = 1.2;

const FOREGROUND = '#d7dae0';
const BACKGROUND = '#14171c';
const FONTS = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

/** The sixteen that terminals let people choose. */
const BASIC = [
  '#2a2f38', '#e06c75', '#7fb069', '#e5a84b', '#5fa8e8', '#c678dd', '#4fb3bf', '#c8ccd4',
  '#6b7380', '#f0808a', '#98c379', '#f0c674', '#7fc1ff', '#d7a0ee', '#73d0dc', '#ffffff',
];
const CUBE = [0, 95, 135, 175, 215, 255];
const hex = (...parts: readonly number[]): string => `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

function paletteColour(index: number): string {
  if (index < 16) return BASIC[index] ?? FOREGROUND;
  if (index >= 232) return hex(...Array.from({ length: 3 }, () => 8 + (index - 232) * 10));
  const at = index - 16;
  return hex(CUBE[Math.floor(at / 36)] ?? 0, CUBE[Math.floor(at / 6) % 6] ?? 0, CUBE[at % 6] ?? 0);
}

type Look = { readonly foreground: string; readonly background: string; readonly bold: boolean; readonly dim: boolean; readonly underline: boolean };

function lookOf(cell: xterm.IBufferCell): Look {
  const rgb = (colour: number): string => hex((colour >> 16) & 255, (colour >> 8) & 255, colour & 255);
  const own = cell.isFgDefault() ? FOREGROUND : cell.isFgRGB() ? rgb(cell.getFgColor()) : paletteColour(cell.getFgColor());
  const behind = cell.isBgDefault() ? BACKGROUND : cell.isBgRGB() ? rgb(cell.getBgColor()) : paletteColour(cell.getBgColor());
  const [foreground, background] = cell.isInverse() !== 0 ? [behind, own] : [own, behind];
  return { foreground, background, bold: cell.isBold() !== 0, dim: cell.isDim() !== 0, underline: cell.isUnderline() !== 0 };
}

const short = (value: number): string => String(Math.round(value * 100) / 100);

const rect = (x: number, y: number, width: number, height: number, fill: string, opacity = 1): string =>
  `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill="${fill}"${opacity === 1 ? '' : ` opacity="${opacity}"`}/>`;

const SHADES: Readonly<Record<string, number>> = { '░': 0.25, '▒': 0.5, '▓': 0.75, '█': 1 };
const LOWER = '▁▂▃▄▅▆▇';
const LEFT = '▏▎▍▌▋▊▉';

/** Which of right, down, left and up a rule goes from the middle of its cell. */
const RULES: Readonly<Record<string, readonly [right: boolean, down: boolean, left: boolean, up: boolean]>> = {
  '─': [true, false, true, false], '│': [false, true, false, true], '┌': [true, true, false, false], '┐': [false, true, true, false],
  '└': [true, false, false, true], '┘': [false, false, true, true], '├': [true, true, false, true], '┤': [false, true, true, true],
  '┬': [true, true, true, false], '┴': [true, false, true, true], '┼': [true, true, true, true], '╭': [true, true, false, false],
  '╮': [false, true, true, false], '╰': [true, false, false, true], '╯': [false, false, true, true],
};

/** The shapes of a character that fills its cell; undefined for letters. `count` equal ones stand side by side. */
function shapes(text: string, count: number, x: number, y: number, fill: string): string | undefined {
  const width = CELL_WIDTH * count;
  const shade = SHADES[text];
  if (shade !== undefined) return rect(x, y, width, CELL_HEIGHT, fill, shade);
  const lower = LOWER.indexOf(text);
  if (lower >= 0) return Array.from({ length: count }, (_, place) => rect(x + place * CELL_WIDTH, y + CELL_HEIGHT * (1 - (lower + 1) / 8), CELL_WIDTH - 0.6, (CELL_HEIGHT * (lower + 1)) / 8, fill)).join('');
  const left = LEFT.indexOf(text);
  if (left >= 0) return rect(x, y, (CELL_WIDTH * (left + 1)) / 8, CELL_HEIGHT, fill);
  const rule = RULES[text];
  if (rule === undefined) return undefined;
  if (text === '─') return rect(x, y + (CELL_HEIGHT - RULE) / 2, width, RULE, fill);
  const [middleX, middleY] = [(CELL_WIDTH - RULE) / 2, (CELL_HEIGHT - RULE) / 2];
  return Array.from({ length: count }, (_, place) => {
    const at = x + place * CELL_WIDTH;
    return [
      rule[0] ? rect(at + middleX, y + middleY, CELL_WIDTH - middleX, RULE, fill) : '', rule[1] ? rect(at + middleX, y + middleY, RULE, CELL_HEIGHT - middleY, fill) : '',
      rule[2] ? rect(at, y + middleY, middleX + RULE, RULE, fill) : '', rule[3] ? rect(at + middleX, y, RULE, middleY + RULE, fill) : '',
    ].join('');
  }).join('');
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const isShape = (text: string): boolean => SHADES[text] !== undefined || LOWER.includes(text) || LEFT.includes(text) || RULES[text] !== undefined;

type Run = { readonly look: Look; text: string; readonly column: number; cells: number; readonly shape: boolean };

/** Cells of one look side by side; a shape stands with its like alone. */
function runsOf(line: xterm.IBufferLine, columns: number): readonly Run[] {
  const runs: Run[] = [];
  for (let column = 0; column < columns; column += 1) {
    const cell = line.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const text = cell.getChars() === '' ? ' ' : cell.getChars();
    const look = lookOf(cell);
    const last = runs.at(-1);
    const shape = isShape(text);
    const isSame = last !== undefined && JSON.stringify(last.look) === JSON.stringify(look) && last.shape === shape && (!shape || last.text === text);
    if (last !== undefined && isSame) {
      if (!shape) last.text += text;
      last.cells += cell.getWidth();
    } else runs.push({ look, text, column, cells: cell.getWidth(), shape });
  }
  return runs;
}

function drawRun({ look, text, column, cells, shape }: Run, row: number): string {
  const x = MARGIN + column * CELL_WIDTH;
  const y = MARGIN + row * CELL_HEIGHT;
  const behind = look.background === BACKGROUND ? '' : rect(x, y, cells * CELL_WIDTH, CELL_HEIGHT, look.background);
  if (shape) return behind + (shapes(text, cells, x, y, look.foreground) ?? '');
  const begin = text.search(/\S/);
  if (begin < 0) return behind;
  const shown = text.trim();
  // One cell a character, whatever the font: the run is stretched to its cells.
  const width = short((cells - begin - (text.length - text.trimEnd().length)) * CELL_WIDTH);
  const weight = look.bold ? ' font-weight="bold"' : '';
  const line = look.underline ? ' text-decoration="underline"' : '';
  return `${behind}<text x="${short(x + begin * CELL_WIDTH)}" y="${short(y + BASELINE)}" textLength="${width}" lengthAdjust="spacingAndGlyphs" fill="${look.foreground}"${weight}${line}${look.dim ? ' opacity="0.6"' : ''}>${escaped(shown)}</text>`;
}

/** The whole screen, with `title` for those who can not see it. */
export function screenSvg(terminal: xterm.Terminal, title: string): string {
  const { cols, rows } = terminal;
  const width = short(cols * CELL_WIDTH + 2 * MARGIN);
  const height = short(rows * CELL_HEIGHT + 2 * MARGIN);
  const lines = Array.from({ length: rows }, (_, row) => {
    const line = terminal.buffer.active.getLine(row);
    return line === undefined ? '' : runsOf(line, cols).map((run) => drawRun(run, row)).join('');
  }).filter((line) => line !== '');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${FONTS}" font-size="${FONT_SIZE}" xml:space="preserve">`,
    `<title>${escaped(title)}</title><!-- generated by \`npm run generate\` -->`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    ...lines,
    '</svg>\n',
  ].join('\n');
}
