import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { codegen } from '@graphql-codegen/core';
import * as documents from '@graphql-codegen/typed-document-node';
import * as types from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';
import { documentHash } from '../src/api/document-hash.js';

const screens = (await readdir('web/console')).map((name) => `web/console/${name}`);
/** Folders with an `operations.graphql`, from which their `operations.ts` is made. */
const folders = ['client', 'web', ...screens].filter((folder) => existsSync(`${folder}/operations.graphql`));

const config = {
  documentMode: 'string',
  scalars: { DateTime: 'string', JSON: 'unknown', JSONObject: 'Readonly<Record<string, unknown>>' },
  strictScalars: true,
  useTypeImports: true,
  immutableTypes: true,
  enumType: 'string-literal',
};
const header = '// Made by `npm run schema` from operations.graphql and schema.graphql.';

async function generated(folder: string): Promise<string> {
  const location = `${folder}/operations.graphql`;
  const text = await codegen({
    filename: `${folder}/operations.ts`,
    schema: parse(await readFile('schema.graphql', 'utf8')) as never,
    documents: [{ location, document: parse(await readFile(location, 'utf8')) }],
    config,
    plugins: [{ types: {} }, { documents: {} }],
    pluginMap: { types, documents },
  });
  return `${header}\n${text}\n`;
}

const ownDocuments = 'src/api/own-documents.ts';

/** The documents of all folders by name, as `src` knows them: by their hash. */
async function ownDocumentsOf(generatedTexts: readonly string[]): Promise<string> {
  const texts = generatedTexts.flatMap((text) =>
    [...text.matchAll(/new TypedDocumentString\(`([^`]*)`/g)].map(([, document = '']) => document),
  );
  const hashes = new Map<string, string>();
  for (const text of texts)
    for (const definition of parse(text).definitions)
      if (definition.kind === 'OperationDefinition') noteHash(hashes, definition.name?.value ?? '', documentHash(text));
  const lines = [...hashes].sort().map(([name, hash]) => `  ${name}: '${hash}',`);
  return [
    header.replace(' from operations.graphql and schema.graphql', ''),
    '/** Hashes of the operations that the pages and `gatehouse/client` send, by their names; see `documentHash`. */',
    'export const ownDocuments: Readonly<Record<string, string>> = {',
    ...lines,
    '};\n',
  ].join('\n');
}

/** @throws when another operation has the name */
function noteHash(hashes: Map<string, string>, name: string, hash: string): void {
  if ((hashes.get(name) ?? hash) !== hash) throw new Error(`${folders.join(' and ')} have two operations ${name}`);
  hashes.set(name, hash);
}

/** What is made from the schema and the operations, by its file. */
async function allGenerated(): Promise<readonly (readonly [file: string, text: string])[]> {
  const texts = await Promise.all(folders.map(generated));
  const files = folders.map((folder, place) => [`${folder}/operations.ts`, texts[place] ?? ''] as const);
  return [...files, [ownDocuments, await ownDocumentsOf(texts)]];
}

export async function writeOperations(): Promise<void> {
  for (const [file, text] of await allGenerated()) await writeFile(file, text);
}

/** Checks that the types of the operations are those of today's schema. */
export async function operationsAreCurrent(): Promise<string[]> {
  const problems = (await allGenerated()).map(async ([file, text]) => {
    const isCurrent = text === (await readFile(file, 'utf8').catch(() => ''));
    return isCurrent ? [] : [`${file}: differs from the schema; npm run schema brings it up to date`];
  });
  return (await Promise.all(problems)).flat();
}
