// What a container's command would do, as far as the sandbox understands shells: `sleep 3 && exit 1` runs for three seconds and fails.

import { controllerOf } from '../kinds/kube-object.js';
import type { Pod } from '../kinds/pod.js';
import type { LifecycleHandler } from '../kinds/pod-template.js';

export type Ending = { /** From the start of the container. */ readonly afterMs: number; readonly exitCode: number; readonly lines: readonly string[] };

const SLEEP_UNITS_MS: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** How long a job runs whose command tells nothing. */
const SHORTEST_MS = 100;

const sleepMs = (count: string | undefined, unit: string | undefined): number => Number(count ?? 0) * (SLEEP_UNITS_MS[unit ?? ''] ?? 1000);

/** How long a lifecycle hook takes: those that sleep take that long, all others no time. */
export function hookMs(hook: LifecycleHandler | undefined): number {
  if (hook?.sleep !== undefined) return hook.sleep.seconds * 1000;
  const slept = /\bsleep +(\d+(?:\.\d+)?)([smhd]?)\b/.exec((hook?.exec?.command ?? []).join(' '));
  return slept === null ? 0 : sleepMs(slept[1], slept[2]);
}

/** Undefined for a command that does not end, which is what most images' do. A job's is made to end. */
export function endingOf(pod: Pod): Ending | undefined {
  const ending = scriptOf(pod);
  return ending === undefined && controllerOf(pod)?.kind === 'Job' ? guess(pod) : ending;
}

/** Of a script that is not understood, the words that tell when and how it ends; without any it ends at once and well. */
function guess(pod: Pod): Ending | undefined {
  const [container] = pod.spec.containers;
  const text = [...(container?.command ?? []), ...(container?.args ?? [])].join(' ');
  if (/\bsleep +inf/.test(text)) return undefined;
  const slept = /\bsleep +(\d+(?:\.\d+)?)([smhd]?)\b/.exec(text);
  const exit = /\bexit +(\d+)/.exec(text);
  return { afterMs: sleepMs(slept?.[1], slept?.[2]) + SHORTEST_MS, exitCode: Number(exit?.[1] ?? 0) & 0xff, lines: [] };
}

function scriptOf(pod: Pod): Ending | undefined {
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
    const slept = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(argument);
    if (word === 'sleep' && slept !== null) afterMs += sleepMs(slept[1], slept[2]);
    else if (word === 'echo') lines.push(argument);
    else if (!['true', 'false', ':', 'set', 'date'].includes(word)) return undefined;
    code = word === 'false' ? 1 : 0;
  }
  return { afterMs, exitCode: code, lines };
}
