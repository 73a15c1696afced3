import { readFile, writeFile } from 'node:fs/promises';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildPlainSchema } from '../src/api/schema.js';

const file = 'schema.graphql';

/** Sorted, so that moving a resolver is not a change of the schema. */
const printed = (): string => `${printSchema(lexicographicSortSchema(buildPlainSchema()))}\n`;

export const writeSchema = (): Promise<void> => writeFile(file, printed());

/** Reviews see a change of the interface as a change of schema.graphql. */
export async function schemaIsCurrent(): Promise<string[]> {
  const [wanted, present] = [printed().split('\n'), (await readFile(file, 'utf8')).split('\n')];
  const line = wanted.findIndex((text, index) => text !== present[index]);
  if (line === -1 && wanted.length === present.length) return [];
  const at = line === -1 ? wanted.length : line;
  return [`${file}:${at + 1}: the code says '${wanted[at] ?? ''}'; npm run schema brings the file up to date`];
}
