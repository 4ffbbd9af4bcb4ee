// Keys that stand twice in one object of a JSON text, which JSON.parse does not tell: strict validation refuses them.

/** Named at most; more only hide the first ones. */
const MOST_NAMED = 20;

type Frame = { readonly path: string; /** Undefined in a list. */ readonly keys: Set<string> | undefined; key: string; index: number };

const place = (frame: Frame | undefined): string => {
  if (frame === undefined) return '';
  if (frame.keys === undefined) return `${frame.path}[${frame.index}]`;
  return frame.path === '' ? frame.key : `${frame.path}.${frame.key}`;
};

/** Paths such as `spec.replicas`. The text must be valid JSON. */
export function duplicateKeys(text: string): readonly string[] {
  const found: string[] = [];
  const frames: Frame[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;
  let expectsKey = false;
  for (let match = tokens.exec(text); match !== null && found.length < MOST_NAMED; match = tokens.exec(text)) {
    const [token] = match;
    const frame = frames.at(-1);
    if (token === '{' || token === '[') {
      frames.push({ path: place(frame), keys: token === '{' ? new Set() : undefined, key: '', index: 0 });
      expectsKey = token === '{';
    } else if (token === '}' || token === ']') {
      frames.pop();
      expectsKey = false;
    } else if (token === ',' && frame !== undefined) {
      frame.index += 1;
      expectsKey = frame.keys !== undefined;
    } else if (expectsKey && frame?.keys !== undefined && token.startsWith('"')) {
      frame.key = JSON.parse(token) as string;
      if (frame.keys.has(frame.key)) found.push(place(frame));
      frame.keys.add(frame.key);
      expectsKey = false;
    }
  }
  return [...new Set(found)];
}
