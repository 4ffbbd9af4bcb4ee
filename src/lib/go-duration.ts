// Durations in Go's text form ("1h30m", "1.5s", "250ms"): the form in which Kubernetes manifests give intervals.

const UNIT_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

// The two letters mu by their numbers: a bundle leaves expressions as they are, and with one such letter the whole program is held in memory
// with two bytes for each.
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/gy;

/** Go counts nanoseconds in 63 bits, which is some 292 years. */
const LONGEST_MS = 2 ** 63 / 1e6;

/** Milliseconds; undefined when the text is not a Go duration. A sign and "0" without a unit are allowed, as in Go. */
export function parseGoDuration(text: string): number | undefined {
  const negative = text.startsWith('-');
  const unsigned = negative || text.startsWith('+') ? text.slice(1) : text;
  if (unsigned === '0') return 0;
  if (unsigned === '') return undefined;
  let totalMs = 0;
  let end = 0;
  for (const match of unsigned.matchAll(PART)) {
    totalMs += Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
    end = match.index + match[0].length;
  }
  if (end !== unsigned.length || totalMs >= LONGEST_MS) return undefined;
  return negative ? -totalMs : totalMs;
}

/** Go's `Duration.String()` for whole milliseconds: "1h0m0s", "2m30s", "1.5s", "250ms", "0s". */
export function formatGoDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  const sign = durationMs < 0 ? '-' : '';
  const ms = Math.round(Math.abs(durationMs));
  if (ms < 1000) return `${sign}${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1000;
  const secondsText = `${seconds}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${secondsText}`;
  return minutes > 0 ? `${sign}${minutes}m${secondsText}` : `${sign}${secondsText}`;
}

/** "42s", "5m3s", "4h12m", "3d", as `kubectl get` prints an age. */
export function formatAge(durationMs: number): string {
  const seconds = Math.floor(Math.max(0, durationMs) / 1000);
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return days % 365 === 0 || years >= 8 ? `${years}y` : `${years}y${days % 365}d`;
}
