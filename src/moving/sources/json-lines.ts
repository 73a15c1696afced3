import { type Found, problem, type Readable } from './found.js';
import { type Line, linesOf, longestLine } from './lines.js';

/** Reads JSON Lines: one value a line, empty lines aside. */
export async function* jsonLines(file: Readable): AsyncIterable<Found> {
  for await (const line of linesOf(file)) if (line.text?.trim() !== '') yield foundIn(line);
}

function foundIn({ at, text, isTooLong }: Line): Found {
  if (isTooLong) return { at, problem: problem('LINE_TOO_LONG', `The line is longer than ${longestLine} bytes.`) };
  if (text === undefined) return { at, problem: problem('MALFORMED', 'The line is not UTF-8.') };
  try {
    return { at, value: JSON.parse(text), size: text.length };
  } catch {
    // The message of the parser quotes the line.
    return { at, problem: problem('MALFORMED', 'The line is not JSON.') };
  }
}
