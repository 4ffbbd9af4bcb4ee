// The time of a line of a log, for whoever asks for timestamps.

import { formatTime, type Instant } from '../lib/instant.js';

/** The time with which a line of the sandbox begins. */
const STAMP = /^\d{4}-\d\d-\d\dT[\d:.]+Z/;

/** "" where the line does not tell. */
export const stampOf = (line: string): string => STAMP.exec(line)?.[0] ?? '';

/** With the time before it: of a line that does not tell, the time at which it is read. */
export const stamped = (line: string, now: Instant): string => `${stampOf(line) || formatTime(now)} ${line}`;
