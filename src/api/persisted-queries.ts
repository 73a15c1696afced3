import { LRUCache } from 'lru-cache';

/** In bytes, as an estimate of two for each character: about a thousand documents of usual size. */
const mostKept = 4 * 1024 ** 2;
/** In characters. Longer documents are not kept, so that a caller cannot replace all others with a few requests. */
const longest = 10_000;

/**
 * Documents that clients have sent once with their hash, to send the hash alone from then on (automatic persisted queries,
 * https://www.apollographql.com/docs/apollo-server/performance/apq). Each process has its own; one that does not know a
 * hash says so, and the client sends the text again. The least recently used are forgotten first.
 */
export class PersistedQueries {
  private readonly known = new LRUCache<string, string>({
    maxSize: mostKept,
    sizeCalculation: (text, hash) => 2 * (text.length + hash.length),
  });

  find(hash: string): string | undefined {
    return this.known.get(hash);
  }

  /**
   * Keeps the text of an operation that was valid, within its limits, and paid for; others would fill the memory for free.
   * @param hash SHA-256 of the text, which has been compared
   */
  keep(hash: string, text: string): void {
    if (text.length <= longest) this.known.set(hash, text);
  }
}
