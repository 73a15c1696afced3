import { expect, test } from '@jest/globals';
import { buildSchema, type ExecutionResult, parse } from 'graphql';
import { subscribe } from '../../src/api/subscribe.js';
import type { Context } from '../../src/graphql/context.js';
import { meteredContext } from '../support/metered.js';

const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });

/** A stream of one event, whose first delivery fails because the database is unavailable. */
async function told(mayGoOn: () => Promise<boolean>): Promise<ExecutionResult[]> {
  const schema = buildSchema('type Query { a: Int } type Subscription { event: String }');
  let tries = 0;
  async function* source() {
    yield { event: () => (++tries === 1 ? Promise.reject(away) : 'told') };
  }
  const context = { mayGoOn, work: {}, renewed: async () => meteredContext() } as unknown as Context;
  const document = parse('subscription { event }');
  const stream = await subscribe(
    { schema, document, rootValue: { event: source }, contextValue: context },
    (error) => ({ errors: [error as never] }),
    () => undefined,
  );
  const results: ExecutionResult[] = [];
  for await (const result of stream as AsyncIterable<ExecutionResult>) results.push(result);
  return results;
}

test.each([
  ['is told again to whoever may still have it', true, [{ data: { event: 'told' } }]],
  ['ends the stream of whoever lost the right meanwhile', false, []],
])('an event that the database was away for %s', async (_what, mayGoOn, expected) => {
  expect(JSON.parse(JSON.stringify(await told(() => Promise.resolve(mayGoOn))))).toEqual(expected);
});
