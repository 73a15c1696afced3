import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { codegen } from '@graphql-codegen/core';
import * as documents from '@graphql-codegen/typed-document-node';
import * as types from '@graphql-codegen/typescript-operations';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildSchema, introspectionFromSchema, parse } from 'graphql';
import type { Gatehouse, TypedDocument } from '../../client/gatehouse.js';
import { closeApps, programOf, signInTo } from '../support/apps.js';
import { documented } from '../support/documented.js';
import { Harness } from '../support/harness.js';
import { Project } from '../support/project.js';

/** Fails to compile where a scalar, a variable or a field has another type than is documented. */
const program = `
import type { Gatehouse } from 'gatehouse/client';
import type { ResultOf, VariablesOf } from 'gql.tada';
import { graphql, text } from './graphql.js';

const Viewer = graphql('query Viewer { viewer { username createdAt } }');
const Conditions = graphql('query Conditions($id: ID!) { node(id: $id) { ... on Permission { conditions } } }');
type User = NonNullable<ResultOf<typeof Viewer>['viewer']>;
type Permission = Extract<ResultOf<typeof Conditions>['node'], { conditions: unknown }>;

export const createdAt = ({ createdAt: is }: User): string => is;
export const conditions = ({ conditions: are }: Permission): Readonly<Record<string, unknown>> | null => are;
export const variables: VariablesOf<typeof Conditions> = { id: 'an id' };
// @ts-expect-error: a number is no DateTime.
export const wrong: User = { username: 'ada', createdAt: 0 };
// @ts-expect-error: there is no such variable.
export const unknown: VariablesOf<typeof Conditions> = { name: 'an id' };

export const viewer = async (gatehouse: Gatehouse): Promise<User | null> =>
  (await gatehouse.request(text(Viewer), {})).viewer;
`;

let harness: Harness;
let project: Project;
let gatehouse: Gatehouse;
beforeAll(async () => {
  project = await Project.make({ 'graphql.ts': await documented('graphql.ts'), 'program.ts': program });
  harness = await Harness.start();
  await harness.person('ada');
  gatehouse = programOf(harness).gatehouse;
  await signInTo(gatehouse, 'ada');
});
afterAll(async () => {
  await closeApps();
  await harness.close();
  await project.remove();
});

/** As `gql.tada generate-output` does, which does not run with TypeScript 7. */
async function environment(): Promise<string> {
  const introspection = introspectionFromSchema(buildSchema(await project.read('schema.graphql')));
  const terms = { fileType: './graphql-env.d.ts', shouldPreprocess: true };
  return outputIntrospectionFile(minifyIntrospection(introspection as never), terms);
}

test('gql.tada: documents are typed by the schema, with the documented scalars, and run', async () => {
  await project.write({ 'graphql-env.d.ts': await environment() });
  expect(await project.compile()).toBe('');
  const { viewer } = await project.load<{ viewer(by: Gatehouse): Promise<object> }>('program');
  expect(await viewer(gatehouse)).toEqual({ username: 'ada', createdAt: expect.stringMatching(/^\d{4}-.*Z$/) });
});

const operations = `
query Viewer { viewer { username createdAt } }
query Conditions($id: ID!) { node(id: $id) { ... on Permission { conditions } } }`;

test('GraphQL Code Generator: the documented configuration makes typed documents that run', async () => {
  const { generates } = JSON.parse(await documented('codegen.json'));
  const [[filename, { plugins, config }]] = Object.entries(generates) as [
    [string, { plugins: string[]; config: object }],
  ];
  expect(plugins).toEqual(['typescript-operations', 'typed-document-node']);
  const code = await codegen({
    filename,
    schema: parse(await project.read('schema.graphql')) as never,
    documents: [{ location: 'operations.graphql', document: parse(operations) }],
    config,
    plugins: [{ types: {} }, { documents: {} }],
    pluginMap: { types, documents },
  });
  expect(code).toMatch(/createdAt: string/);
  expect(code).toMatch(/conditions: Readonly<Record<string, unknown>> \| null/);
  await project.write({ 'operations.ts': code });
  expect(await project.compile()).toBe('');
  const { ViewerDocument } = await project.load<{ ViewerDocument: TypedDocument<object, object> }>('operations');
  expect(await gatehouse.request(ViewerDocument, {})).toMatchObject({ viewer: { username: 'ada' } });
});
