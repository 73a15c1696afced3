import { expect, test } from '@jest/globals';
import { GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { createExecutor, type Executor } from '../../src/api/executor.js';
import { KeptDocuments, sizeOf } from '../../src/api/kept-documents.js';
import { meteredContext } from '../support/metered.js';

/** A field that tells how it is executed: graphql-js passes the parent type to resolvers, compiled code does not. */
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      way: {
        type: GraphQLString,
        resolve: (_root, _args, _context, { path }) => (path.typename === 'Query' ? 'interpreted' : 'compiled'),
      },
    },
  }),
});

const names = (count: number) => Array.from({ length: count }, (_, n) => `a${n}: way`).join(' ');
async function wayOf(run: Executor, document: ReturnType<typeof parse>): Promise<unknown> {
  const { data } = await run({ schema, document, contextValue: meteredContext() });
  return data?.['a0'];
}

test('an operation is compiled the second time it is sent', async () => {
  const run = createExecutor();
  const document = parse(`{ ${names(3)} }`);
  expect([await wayOf(run, document), await wayOf(run, document)]).toEqual(['interpreted', 'compiled']);
});

test('an operation that would make too much code is never compiled', async () => {
  const run = createExecutor();
  const document = parse(`{ ...F ...G } fragment F on Query { ${names(200)} } fragment G on Query { ${names(200)} }`);
  for (let time = 0; time < 3; time += 1) expect(await wayOf(run, document)).toBe('interpreted');
});

test('of many compiled operations those used least recently are forgotten, by their size', async () => {
  const run = createExecutor();
  const [first, ...others] = Array.from({ length: 60 }, () => parse(`{ ${names(250)} }`)) as [never];
  for (const document of [first, ...others, first]) await wayOf(run, document);
  expect(await wayOf(run, first)).toBe('compiled');
  for (const document of others) for (let time = 0; time < 2; time += 1) await wayOf(run, document);
  expect(await wayOf(run, first)).toBe('interpreted');
});

test('documents are kept within a bound of bytes, not of number', () => {
  const [large, small] = [new KeptDocuments(), new KeptDocuments()];
  const found = (kept: KeptDocuments, count: number) =>
    Array.from({ length: count }, (_, n) => kept.find(String(n))).filter((document) => document !== undefined);
  const wide = parse(`{ ${names(900)} }`);
  const narrow = parse('{ a0: way }');
  for (let n = 0; n < 2000; n += 1) {
    large.keep(String(n), wide);
    small.keep(String(n), narrow);
  }
  expect(found(small, 2000).length).toBe(2000);
  const bytes = found(large, 2000).reduce((sum, document) => sum + sizeOf(document), 0);
  expect(bytes).toBeGreaterThan(8 * 1024 ** 2);
  expect(bytes).toBeLessThanOrEqual(16 * 1024 ** 2);
});
