import type { Readable } from './found.js';

/** Longest line in bytes. */
export const longestLine = 1024 * 1024;

/** A line without its end; undefined: longer than 1 MiB, or not UTF-8. */
export interface Line {
  /** From 1. */
  readonly at: number;
  readonly text: string | undefined;
  readonly isTooLong: boolean;
}

const [lineFeed, carriageReturn] = [0x0a, 0x0d];

/** Reads lines that end with LF or CRLF; the last one may lack its end. A byte order mark is skipped. */
export async function* linesOf(file: Readable): AsyncIterable<Line> {
  let [at, parts, length] = [1, [] as Buffer[], 0];
  const keep = (part: Buffer) => {
    length += part.length;
    // What is longer than a line may be is read, but not kept.
    if (length <= longestLine + 1) parts.push(part);
  };
  const taken = (): Line => {
    const line = lineOf(at, parts, length);
    [at, parts, length] = [at + 1, [], 0];
    return line;
  };
  for await (const chunk of file.chunks()) {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      keep(chunk.subarray(from, end));
      from = end + 1;
      yield taken();
    }
    if (from < chunk.length) keep(chunk.subarray(from));
  }
  if (length > 0) yield taken();
}

function lineOf(at: number, parts: readonly Buffer[], length: number): Line {
  if (length > longestLine + 1) return { at, text: undefined, isTooLong: true };
  const bytes = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
  if (end > longestLine) return { at, text: undefined, isTooLong: true };
  return { at, text: decoded(bytes.subarray(0, end), at === 1), isTooLong: false };
}

const first = new TextDecoder('utf-8', { fatal: true });
const later = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Buffer, isFirst: boolean): string | undefined {
  try {
    return (isFirst ? first : later).decode(bytes);
  } catch {
    return undefined;
  }
}
