// The scripted web server of a recording: its answers, and how they are given without a socket. serve-web.ts gives them over one.

import type { HttpSend } from '../../src/lib/http.js';
import { ok } from '../../src/lib/result.js';
import type { WebAnswer, WebScript } from './trace.js';

export interface ScriptedWeb {
  /** Host, port and prefix: `${WEB}` in the recordings. */
  readonly address: string;
  /** Replaces the answers of these paths and starts them anew. */
  script(more: WebScript): void;
  hits(): number;
  /** The next answer of a path below the address; undefined: of a place elsewhere. */
  answer(path: string | undefined): { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

/** A request takes the next answer of its path; the last one repeats. "*" stands for any path without answers of its own. */
export function scriptedWeb(address: string): ScriptedWeb {
  const answers = new Map<string, readonly WebAnswer[]>();
  const positions = new Map<string, number>();
  let hits = 0;
  const next = (path: string): { readonly status: number; readonly body: string } => {
    const queue = answers.get(path) ?? answers.get('*');
    if (queue === undefined || queue.length === 0) return { status: 404, body: '{}' };
    const position = positions.get(path) ?? 0;
    positions.set(path, position + 1);
    const answer = queue[Math.min(position, queue.length - 1)];
    if (typeof answer !== 'object') return { status: 200, body: JSON.stringify({ value: answer }) };
    return { status: answer.status ?? 200, body: answer.text ?? JSON.stringify(answer.json ?? { error: 'scripted' }) };
  };
  return {
    address,
    hits: () => hits,
    script(more) {
      for (const [path, queue] of Object.entries(more)) {
        answers.set(path, queue);
        positions.set(path, 0);
      }
    },
    answer(path = 'elsewhere') {
      hits += 1;
      const { status, body } = next(path);
      return { status, headers: { 'content-type': /^[[{"]/.test(body) ? 'application/json' : 'text/plain' }, body };
    },
  };
}

/** As the HTTP port of the engine: no socket, no waiting. */
export function asHttpSend({ address, answer }: ScriptedWeb): HttpSend {
  return async (request) => {
    const url = request.url.replace(/^https?:\/\//, '');
    await Promise.resolve();
    return ok(answer(url.startsWith(address) ? url.slice(address.length).split('?')[0] : undefined));
  };
}
