// Go strings are bytes. Inside the condition language a string has one character (0 to 255) for each byte of UTF-8,
// so length, index, slice and order come out as in Go; these turn text into that form and back.

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

// The engine takes at most so many arguments in one call.
const CHUNK = 8192;

/** The byte form of JavaScript text. Lone surrogates become U+FFFD. */
export function encode(text: string): string {
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  const bytes = ENCODER.encode(text);
  let out = '';
  for (let start = 0; start < bytes.length; start += CHUNK) out += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return out;
}

/** The JavaScript text of a byte form. Bytes that are not UTF-8 become U+FFFD. */
export function decode(bytes: string): string {
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(bytes)) return bytes;
  return DECODER.decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
}

/** Maps the text of a byte form. */
export const onText = (bytes: string, change: (text: string) => string): string => encode(change(decode(bytes)));
