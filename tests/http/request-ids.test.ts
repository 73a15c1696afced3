import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { OperationReport } from '../../src/operations/operation-reports.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

const origin = 'https://console.example.com';
let harness: Harness;
const reports: OperationReport[] = [];
beforeAll(async () => {
  harness = await Harness.start({ CORS_ORIGINS: origin });
  harness.app.services.operationReports.on((report) => reports.push(report));
});
beforeEach(() => {
  reports.length = 0;
});

const json = { 'content-type': 'application/json' };
const post = (body: string, headers: Record<string, string> = json) =>
  fetch(`${harness.app.url}/graphql`, { method: 'POST', body, headers });
const query = JSON.stringify({ query: 'query Viewer { viewer { id } }' });

test.each([
  ['an operation', query, json, 'OK'],
  ['a known operation', query, json, 'OK'],
  ['one that does not parse', JSON.stringify({ query: '{' }), json, 'GRAPHQL_PARSE_FAILED'],
  ['a hash that is not known', JSON.stringify({ documentId: 'x' }), json, 'PERSISTED_QUERY_NOT_FOUND'],
  ['a batch', JSON.stringify([{ query: '{ viewer { id } }' }]), json, 'BAD_USER_INPUT'],
  ['a text that is a number', JSON.stringify({ query: 1 }), json, 'BAD_USER_INPUT'],
  ['variables that are text', JSON.stringify({ query: '{ viewer { id } }', variables: 'x' }), json, 'BAD_USER_INPUT'],
  ['no JSON', '{"query": "secret-in-body', json, 'BAD_USER_INPUT'],
  ['nothing', '', json, 'BAD_USER_INPUT'],
  ['a body that is too large', ' '.repeat(300 * 1024), json, 'BAD_USER_INPUT'],
  ['a form', 'query=x', { 'content-type': 'application/x-www-form-urlencoded' }, 'BAD_USER_INPUT'],
  ['plain text', '{ viewer { id } }', { 'content-type': 'text/plain' }, 'BAD_USER_INPUT'],
])('the answer to %s has the id of its one line in the log', async (_what, body, headers, outcome) => {
  const { headers: answered } = await post(body, { ...headers, 'x-request-id': 'of the client' });
  const id = answered.get('x-request-id');
  expect(id).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
  const lines = await eventually(() => {
    const found = harness.logged.filter((line) => line.includes(`"requestId":"${id}"`) && line.includes('"kind"'));
    return found.length > 0 && found;
  });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ outcome, transport: 'http', address: '127.0.0.1' });
  expect(reports).toHaveLength(1);
  expect(harness.logged.join('')).not.toMatch(/of the client|secret-in-body/);
});

test('each answer has another id, which pages of other origins may read', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(query, { ...json, origin })));
  expect(new Set(answers.map(({ headers }) => headers.get('x-request-id'))).size).toBe(10);
  for (const { headers } of answers)
    expect(headers.get('access-control-expose-headers')).toMatch(/x-request-id.*retry-after/);
});

test('what is not for the API is neither reported nor has an id', async () => {
  for (const path of ['/nothing', '/health/live']) {
    const { headers } = await fetch(harness.app.url + path, { headers: { 'x-request-id': 'x' } });
    expect(headers.get('x-request-id')).toBeNull();
  }
  expect(reports).toEqual([]);
});

test('in development an answer says how long it took, and how many statements were sent', async () => {
  const admin = await harness.admin();
  for (const body of [query, JSON.stringify({ query: '{ users(first: 2) { nodes { id roles { name } } } }' })])
    for (let n = 0; n < 2; n += 1) {
      const { headers } = await post(body, { ...json, authorization: `Bearer ${admin.token}` });
      expect(headers.get('server-timing')).toMatch(/^total;dur=\d+\.\d, sql;dur=\d+\.\d;desc="\d+ statements"$/);
    }
  const { headers } = await post(JSON.stringify({ query: 'query Two { users(first: 2) { nodes { id } } }' }), {
    ...json,
    authorization: `Bearer ${admin.token}`,
  });
  expect(headers.get('server-timing')).not.toMatch(/desc="0 |sql;dur=0\.0;/);
  const production = await harness.another({ NODE_ENV: 'production' });
  const answer = await fetch(`${production.url}/graphql`, { method: 'POST', body: query, headers: json });
  expect([answer.status, answer.headers.get('server-timing')]).toEqual([200, null]);
});
