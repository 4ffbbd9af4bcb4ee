// What a container's command would do, as far as the sandbox understands shells: `sleep 3 && exit 1` runs for three seconds and fails.

import type { Pod } from '../kinds/pod.js';

export type Ending = { /** From the start of the container. */ readonly afterMs: number; readonly exitCode: number; readonly lines: readonly string[] };

const SLEEP_UNITS_MS: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000 };

/** Undefined for a command that does not end, which is what most images' do. */
export function endingOf(pod: Pod): Ending | undefined {
  const [container] = pod.spec.containers;
  const words = [...(container?.command ?? []), ...(container?.args ?? [])];
  if (words.length === 0) return undefined;
  const shell = /(?:^|\/)(?:ba|da|a)?sh$/.test(words[0] ?? '') && (words[1] ?? '').startsWith('-');
  return runScript(shell ? (words[2] ?? '') : words.map((word) => (/[\s;&]/.test(word) ? `"${word}"` : word)).join(' '));
}

/** Commands one after the other; undefined as soon as one is not understood. */
function runScript(script: string): Ending | undefined {
  let afterMs = 0;
  let code = 0;
  const lines: string[] = [];
  const parts = script.split(/(&&|\|\||;|\n)/).map((part) => part.trim());
  let join = ';';
  for (const part of parts) {
    if (['&&', '||', ';', ''].includes(part)) {
      if (part !== '') join = part;
      continue;
    }
    if ((join === '&&' && code !== 0) || (join === '||' && code === 0)) continue;
    const [word = '', ...rest] = part.split(/\s+/);
    const argument = rest.join(' ').replaceAll(/^["']|["']$/g, '');
    if (word === 'exit') return { afterMs, exitCode: argument === '' ? code : Number(argument) & 0xff, lines };
    const slept = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(argument);
    if (word === 'sleep' && slept !== null) afterMs += Number(slept[1]) * (SLEEP_UNITS_MS[slept[2] ?? ''] ?? 1000);
    else if (word === 'echo') lines.push(argument);
    else if (!['true', 'false', ':', 'set', 'date'].includes(word)) return undefined;
    code = word === 'false' ? 1 : 0;
  }
  return { afterMs, exitCode: code, lines };
}
