import { z } from 'zod';

export interface Manifest {
  /** Ids and texts of documents. */
  readonly entries: readonly (readonly [id: string, text: string])[];
  /** Each a line that says where it is. */
  readonly faults: readonly string[];
}

/** Ids are in URLs and in log lines. */
const id = z.string().regex(/^[\w.~:+/=-]{1,200}$/, 'id must have 1 to 200 letters, digits, or . _ ~ : + / = -');
const text = z.string('must be the text of a document');

/** Of Apollo's `generate-persisted-query-manifest`; its other members are not needed. */
const apolloManifest = z
  .object({
    format: z.literal('apollo-persisted-query-manifest', 'must be apollo-persisted-query-manifest'),
    version: z.literal(1, 'must be 1'),
    operations: z.array(z.object({ id, body: text })),
  })
  .transform(({ operations }) => operations.map((operation) => [operation.id, operation.body] as const));
/** `persisted-documents.json` of GraphQL Code Generator's client preset, and the file of Relay's `persistConfig`. */
const textsById = z
  .record(z.string(), text)
  .pipe(z.record(id, text))
  .transform(Object.entries<string>);

/** Reads the JSON of a manifest, in the form of Apollo, GraphQL Code Generator or Relay. */
export function readManifest(json: string): Manifest {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    return { entries: [], faults: ['is not valid JSON'] };
  }
  const isApollo = typeof content === 'object' && content !== null && 'format' in content;
  const { data = [], error } = (isApollo ? apolloManifest : textsById).safeParse(content);
  return { entries: data, faults: error?.issues.map(({ path, message }) => [...path, message].join(' ')) ?? [] };
}
