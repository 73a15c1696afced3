import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type AuditResult, serverAudits } from 'graphql-http';
import { Harness } from '../support/harness.js';

// The audits of the GraphQL-over-HTTP specification, as its working group keeps them.

/**
 * Not followed: with `Accept: application/json`, an operation that does not parse, does not validate or has a wrong variable
 * is answered with 400. Proxies, logs and clients that look at the status alone see the mistake, as with Apollo Server.
 */
const omitted = ['572B', 'FDE2', '7B9B'];

let harness: Harness;
const results: AuditResult[] = [];
beforeAll(async () => {
  harness = await Harness.start();
  for (const audit of serverAudits({ url: `${harness.app.url}/graphql`, fetchFn: fetch }))
    results.push(await audit.fn());
});
afterAll(() => harness.close());

const levelled = (level: string) => results.filter(({ name }) => name.startsWith(level));
const failed = (level: string) => levelled(level).filter(({ status }) => status !== 'ok');

test('the service does all that the specification demands', () => {
  expect(levelled('MUST').length).toBeGreaterThanOrEqual(13);
  expect(failed('MUST')).toEqual([]);
});

test('the service does all that the specification recommends, except a status that hides mistakes', () => {
  expect(levelled('SHOULD').length).toBeGreaterThanOrEqual(20);
  expect(
    failed('SHOULD')
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...omitted].sort());
});
