import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Bound of one cache of parsed documents, in bytes. Apollo and `RepeatedOperations` have one each. */
const mostKept = 16 * 1024 ** 2;
/** Memory of a document and its tokens per character of its source, in bytes: measured, 100 to 145. */
const perCharacter = 150;

/** Estimated memory of a parsed document, in bytes. */
export const sizeOf = ({ loc }: DocumentNode): number => 1024 + (loc?.end ?? 0) * perCharacter;

/** Cache of parsed documents by their source, bounded by memory; the least recently used is evicted first. */
export class KeptDocuments {
  private readonly known = new LRUCache<string, DocumentNode>({ maxSize: mostKept, sizeCalculation: sizeOf });

  find(text: string): DocumentNode | undefined {
    return this.known.get(text);
  }

  keep(text: string, document: DocumentNode): void {
    this.known.set(text, document);
  }

  /** The cache in the form of Apollo's `documentStore`. */
  asStore() {
    return {
      get: async (key: string) => this.find(key),
      set: async (key: string, document: DocumentNode) => this.keep(key, document),
      delete: async (key: string) => this.known.delete(key),
    };
  }
}
