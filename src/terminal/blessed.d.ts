// The parts of blessed and blessed-contrib that Sluice uses, as they really are in the pinned versions.
// The published types do not compile under TypeScript 7 and leave out the cell buffer that panes paint into.

declare module 'blessed' {
  /** [attributes, character]. Attributes: flags << 18 | foreground << 9 | background; 0x1ff is the terminal's own colour. */
  export type Cell = [number, string];

  export type CellLine = Cell[] & { dirty: boolean };

  export interface BlessedProgram {
    input: NodeJS.EventEmitter;
    output: NodeJS.WritableStream;
    isAlt: boolean;
    cols: number;
    rows: number;
    destroy(): void;
    flush(): void;
    on(event: string, listener: (...args: unknown[]) => void): this;
    removeAllListeners(event?: string): this;
  }

  export interface BlessedElement {
    position: { left: number; top: number; width: number; height: number };
    hidden: boolean;
    render: () => unknown;
    emit(event: string): boolean;
    detach(): void;
    destroy(): void;
    children: BlessedElement[];
  }

  export interface BlessedScreen {
    program: BlessedProgram;
    tput: { brokenACS: boolean };
    lines: CellLine[];
    olines: CellLine[];
    children: BlessedElement[];
    width: number;
    height: number;
    dattr: number;
    title: string;
    append(element: BlessedElement): void;
    remove(element: BlessedElement): void;
    render(): void;
    draw: (start: number, end: number) => void;
    alloc(): void;
    enter(): void;
    leave(): void;
    destroy(): void;
    realloc(): void;
  }

  /** A capability of a terminal as a function of its arguments; numbers and switches as they are. */
  export type CompileCapability = (this: unknown, info: unknown, key: string, value: unknown) => unknown;

  export interface BlessedModule {
    screen(options: Readonly<Record<string, unknown>>): BlessedScreen;
    Tput: { ipaths: string[]; prototype: { _compile: CompileCapability } };
    unicode: { charWidth(text: string | number, index?: number): number };
  }

  const blessed: BlessedModule;
  export default blessed;
}

declare module 'blessed-contrib/lib/widget/charts/line.js' {
  import type { BlessedElement } from 'blessed';

  /** A colour name, or an index of the 256. */
  export type ChartColour = string | number;

  export type LineSeries = { title: string; x: string[]; y: number[]; style: { line: ChartColour } };

  /** Must be appended to a screen before data is set, and told by an 'attach' event when its size has changed. */
  export interface LineChart extends BlessedElement {
    options: { minY: number; maxY: number; numYLabels: number; style: { text: ChartColour; baseline: ChartColour } };
    setData(series: LineSeries[]): void;
  }

  const line: (options: Readonly<Record<string, unknown>>) => LineChart;
  export default line;
}
