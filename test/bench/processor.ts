// The processor time of another process.

import { readFileSync } from 'node:fs';

/** Linux counts a process's time in hundredths of a second for everybody. */
const CLOCK_TICK_MS = 10;

/** User and system time of all its threads so far; NaN where /proc is not. */
export function cpuMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
  } catch {
    return Number.NaN;
  }
}
