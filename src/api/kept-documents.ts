import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Of parsed documents, those of Apollo and those that take the short way each, in bytes. */
const mostKept = 16 * 1024 ** 2;
/** Of a document and its tokens for each character of its text, in bytes: measured, 100 to 145. */
const perCharacter = 150;

/** About what a parsed document takes of memory, in bytes. */
export const sizeOf = ({ loc }: DocumentNode): number => 1024 + (loc?.end ?? 0) * perCharacter;

/** Parsed documents by their text, within a bound of memory; the one used least recently goes first. */
export class KeptDocuments {
  private readonly known = new LRUCache<string, DocumentNode>({ maxSize: mostKept, sizeCalculation: sizeOf });

  find(text: string): DocumentNode | undefined {
    return this.known.get(text);
  }

  keep(text: string, document: DocumentNode): void {
    this.known.set(text, document);
  }

  /** As Apollo wants it. */
  asStore() {
    return {
      get: async (key: string) => this.find(key),
      set: async (key: string, document: DocumentNode) => this.keep(key, document),
      delete: async (key: string) => this.known.delete(key),
    };
  }
}
