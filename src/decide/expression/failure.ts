// How the stages of the condition language stop: a compile or a run-time failure with Go's own text.
// Thrown inside this folder only; the doors (evaluate.ts) turn it into a value.

export type Stage = 'compile' | 'runtime';

const STAGE = Symbol('stage');

const failure = (stage: Stage, message: string): Error => Object.assign(new Error(message), { [STAGE]: stage });

export const compileError = (message: string): Error => failure('compile', message);
export const runtimeError = (message: string): Error => failure('runtime', message);

/** The stage of an error that this folder threw; undefined for any other. */
export function stageOf(error: unknown): Stage | undefined {
  return error instanceof Error && STAGE in error ? (error[STAGE] as Stage) : undefined;
}
