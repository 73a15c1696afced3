import { LRUCache } from 'lru-cache';
import { documentHash, sha256 } from './document-hash.js';
import { ownDocuments } from './own-documents.js';

/** `enforce` refuses what is not trusted, `log` answers it. */
export type TrustMode = 'enforce' | 'log';

/** In characters, of texts that were sent. */
const mostKept = 4 * 1024 ** 2;

/** The documents of a manifest, and those of the pages and of `gatehouse/client`. */
export class TrustedDocuments {
  private readonly byId = new Map<string, string>();
  /** The manifests' texts by their `documentHash`; of the own documents only the hash is known. */
  private readonly byHash = new Map<string, string | undefined>(
    Object.values(ownDocuments).map((hash) => [hash, undefined]),
  );
  /** What was sent, as far as it is trusted: a hash takes longer than all else before a short operation. */
  private readonly sent = new LRUCache<string, string>({ maxSize: mostKept, sizeCalculation: ({ length }) => length });

  /** @param documents texts by id; also found by the SHA-256 of the text */
  constructor(
    readonly mode: TrustMode,
    documents: ReadonlyMap<string, string>,
  ) {
    for (const text of documents.values()) this.byId.set(sha256(text), text);
    for (const [id, text] of documents) this.byId.set(id, text);
    for (const text of documents.values()) this.byHash.set(documentHash(text), text);
  }

  withId(id: string): string | undefined {
    return this.byId.get(id);
  }

  /**
   * Looks for a document whose text is the same but for white space, commas and comments.
   * @returns its text, which is to run instead; undefined when it is not trusted
   */
  equalTo(text: string): string | undefined {
    const known = this.sent.get(text);
    if (known !== undefined) return known;
    const hash = documentHash(text);
    if (!this.byHash.has(hash)) return undefined;
    const trusted = this.byHash.get(hash) ?? text;
    this.sent.set(text, trusted);
    return trusted;
  }
}
