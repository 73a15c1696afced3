import { readFile, writeFile } from 'node:fs/promises';
import { validateSchema } from 'graphql';
import { printedSchema } from '../src/api/print-schema.js';
import { buildPlainSchema } from '../src/api/schema.js';

const file = 'schema.graphql';

export const writeSchema = (): Promise<void> => writeFile(file, printedSchema());

/** Checks that the schema is valid and schema.graphql up to date, so that changes of the API are visible in reviews. */
export async function schemaIsCurrent(): Promise<string[]> {
  const faults = validateSchema(buildPlainSchema());
  if (faults.length > 0) return faults.map(({ message }) => message);
  const [wanted, present] = [printedSchema().split('\n'), (await readFile(file, 'utf8')).split('\n')];
  const line = wanted.findIndex((text, index) => text !== present[index]);
  if (line === -1 && wanted.length === present.length) return [];
  const at = line === -1 ? wanted.length : line;
  return [`${file}:${at + 1}: the code says '${wanted[at] ?? ''}'; npm run schema brings the file up to date`];
}
