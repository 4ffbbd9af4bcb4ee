// A byte stream as lines, none longer than a limit: watch streams are one JSON object a line, logs are lines anyway.

export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
}

/** The last line may lack its end. Throws what the stream throws, and LineTooLong. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const data of stream) {
    const chunk = Buffer.isBuffer(data) ? data : Buffer.from(data);
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, end));
      if (size + end - from > mostBytes) throw new LineTooLong(`a line is longer than ${mostBytes} bytes`);
      yield textOf(parts);
      parts = [];
      size = 0;
      from = end + 1;
    }
    if (from < chunk.length) {
      parts.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > mostBytes) throw new LineTooLong(`a line is longer than ${mostBytes} bytes`);
    }
  }
  if (size > 0) yield textOf(parts);
}

// Decoded whole lines only: a chunk may end within a character.
const textOf = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString('utf8').replace(/\r$/, '');
