import { readFile, writeFile } from 'node:fs/promises';
import { codegen } from '@graphql-codegen/core';
import * as documents from '@graphql-codegen/typed-document-node';
import * as types from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';

/** Folders with an `operations.graphql`, from which their `operations.ts` is made. */
const folders = ['client', 'web'];

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

export async function writeOperations(): Promise<void> {
  for (const folder of folders) await writeFile(`${folder}/operations.ts`, await generated(folder));
}

/** Checks that the types of the operations are those of today's schema. */
export async function operationsAreCurrent(): Promise<string[]> {
  const problems = folders.map(async (folder) => {
    const present = await readFile(`${folder}/operations.ts`, 'utf8').catch(() => '');
    const isCurrent = present === (await generated(folder));
    return isCurrent ? [] : [`${folder}/operations.ts: differs from the schema; npm run schema brings it up to date`];
  });
  return (await Promise.all(problems)).flat();
}
