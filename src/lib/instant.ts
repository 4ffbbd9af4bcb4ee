// Points in time as plain numbers, and their RFC 3339 forms. Only this file and the clocks touch `Date`.

/** Milliseconds since the Unix epoch, UTC. */
export type Instant = number;

/** `2026-11-21T09:30:00Z`: whole seconds, cut (never rounded up), as Kubernetes writes `metav1.Time`. */
export function formatTime(instant: Instant): string {
  return `${new Date(Math.floor(instant / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

/** `2026-11-21T09:30:00.123000Z`: as Kubernetes writes `metav1.MicroTime` (leases, events). */
export function formatMicroTime(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 23)}000Z`;
}

/** The length of `2026-11-21T09:30:00Z`. */
const WHOLE_SECONDS = 20;

/** Undefined when the text is not an RFC 3339 time. Fractions below a millisecond are cut. */
export function parseTime(text: string | null | undefined): Instant | undefined {
  if (text === null || text === undefined || !/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  // Most have no fraction, and no object is stored or read without some of them.
  const instant = Date.parse(text.length === WHOLE_SECONDS ? text : text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(instant) ? undefined : instant;
}

/** The calendar parts of an instant at a fixed offset from UTC. */
export function calendarParts(
  instant: Instant,
  offsetMinutes = 0,
): { year: number; month: number; day: number; hour: number; minute: number; second: number; weekday: number } {
  const date = new Date(instant + offsetMinutes * 60_000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
  };
}
