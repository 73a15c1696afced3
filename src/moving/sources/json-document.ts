import { JSONParser } from '@streamparser/json';
import { type Problem, problem, type Readable } from './found.js';

/** A member of a list of the document, with the name of the list. */
export interface Member {
  readonly list: string;
  readonly value: unknown;
}

/**
 * Reads members of lists in one JSON document, however long it is; only one chunk and its members are in memory.
 * @param paths of the lists, such as `$.users.*`
 * @returns the members, and at last a problem if the document is malformed or ends too early
 */
export async function* membersOf(file: Readable, paths: string[]): AsyncIterable<Member | Problem> {
  const members: Member[] = [];
  const parser = new JSONParser({ paths, keepStack: false });
  parser.onValue = ({ value, stack }) => void members.push({ list: String(stack.at(-1)?.key), value });
  // Without it the parser would throw within `write`, with a piece of the document in its message.
  let isBroken = false;
  parser.onError = () => {
    isBroken = true;
  };
  for await (const chunk of file.chunks()) {
    parser.write(chunk);
    yield* members.splice(0);
    if (isBroken) return yield problem('MALFORMED', 'From here on the document is not JSON.');
  }
  if (!parser.isEnded) yield problem('MALFORMED', 'The document ends too early.');
}
