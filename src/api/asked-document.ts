import { badInput } from '../errors.js';

/** How a request says which document it wants to run. */
export interface AskedDocument {
  readonly text: string | undefined;
  /** Of a persisted document; `sha256:` is removed. */
  readonly id: string | undefined;
  /** Whether the id has to be the SHA-256 of the text, unless a manifest has it. */
  readonly isHash: boolean;
}

/** Names that only requests for a document by its id have, beside `extensions.persistedQuery`. */
const idMembers = ['documentId', 'doc_id', 'id'] as const;

/** Of an id that is the SHA-256 of the text, in hexadecimal digits (GraphQL-over-HTTP, appendix A). */
export const hashPrefix = 'sha256:';

/**
 * Reads what a request asks for: the text in `query`, or the id of a persisted document in `documentId`
 * (GraphQL-over-HTTP, appendix A), `extensions.persistedQuery.sha256Hash` (Apollo), or `doc_id` or `id` (Relay). The last
 * two count only without a text.
 * @param request of any members, those of a body or of a URL
 * @throws BAD_USER_INPUT for a `persistedQuery` of another version
 */
export function askedDocument(request: object): AskedDocument {
  const { query, documentId, doc_id, id, extensions } = request as Record<string, unknown>;
  const text = asText(query);
  const persisted = persistedQueryIn(extensions);
  if (persisted !== undefined) return { text, id: persisted, isHash: true };
  const given = asText(documentId) ?? (text === undefined ? (asText(doc_id) ?? asText(id)) : undefined);
  const isHash = given?.startsWith(hashPrefix) ?? false;
  return { text, id: isHash ? given?.slice(hashPrefix.length) : given, isHash };
}

/** Websocket clients without a text send an empty one, because the protocol demands a string. */
const asText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function persistedQueryIn(extensions: unknown): string | undefined {
  if (typeof extensions !== 'object' || extensions === null || !('persistedQuery' in extensions)) return undefined;
  const { version, sha256Hash } = (extensions.persistedQuery ?? {}) as Record<string, unknown>;
  if (version === 1 && typeof sha256Hash === 'string' && sha256Hash !== '') return sha256Hash;
  throw badInput('`extensions.persistedQuery` must have the version 1 and a sha256Hash.');
}

/**
 * The same request with the text that is to run, and without what named it by an id.
 * @param request members of a body or of a websocket message
 */
export function withText<Request extends object>(request: Request, text: string): Request & { readonly query: string } {
  const plain: Record<string, unknown> = { ...request, query: text };
  for (const name of idMembers) delete plain[name];
  const { persistedQuery, ...others } = (plain['extensions'] ?? {}) as Record<string, unknown>;
  if (persistedQuery !== undefined) plain['extensions'] = others;
  // The short way takes requests without extensions only.
  if (persistedQuery !== undefined && Object.keys(others).length === 0) delete plain['extensions'];
  return plain as Request & { readonly query: string };
}
