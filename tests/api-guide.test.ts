import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import type { Client } from './support/client.js';
import { Harness } from './support/harness.js';
import { nextCode } from './support/second-factor.js';

/** An operation of the page, who runs it, and its answer. */
interface Example {
  readonly who: string;
  readonly operation: string;
  readonly answer: string;
}
const page = readFileSync('docs/api.md', 'utf8');
const examples: readonly Example[] = [
  ...page.matchAll(/^```graphql (\w+)\n([\s\S]*?)^```\n\n```json\n([\s\S]*?)^```$/gm),
].map(([, who = '', operation = '', answer = '']) => ({ who, operation, answer }));

let harness: Harness;
let people: Record<string, Client>;
/** Values that later operations need, by the name of their variable. */
const known: Record<string, unknown> = {};
beforeAll(async () => {
  harness = await Harness.start();
  people = { nobody: harness.client(), ada: harness.client(), admin: await harness.admin() };
  known['nextYear'] = new Date(harness.clock.now().getTime() + 365 * 24 * 60 * 60 * 1000).toISOString();
});

test('the page has the operations that follow, and an answer to each', () => {
  expect(page.match(/^```graphql/gm)?.length).toBe(examples.length);
  expect(examples.length).toBeGreaterThan(20);
});

/** The answer with `…` in place of what the page leaves open, which must be there. */
function opened(actual: unknown, documented: unknown): unknown {
  if (documented === '…') return actual === null || actual === undefined ? actual : '…';
  if (typeof documented !== 'object' || documented === null || typeof actual !== 'object' || actual === null)
    return actual;
  if (Array.isArray(actual)) return actual.map((value, index) => opened(value, (documented as unknown[])[index]));
  const names = Object.entries(actual);
  return Object.fromEntries(
    names.map(([name, value]) => [name, opened(value, (documented as Record<string, unknown>)[name])]),
  );
}

/** Keeps what the answer has, under the names of the variables of later operations. */
async function remember(data: Record<string, Record<string, never>>): Promise<void> {
  if (data['register'] && data['register']['email'] === 'ada@example.com')
    known['mailedToken'] = await harness.mailbox.tokenTo('ada@example.com');
  const result = (data['login']?.['result'] ?? data['refreshSession']?.['authentication']) as
    | Record<string, never>
    | undefined;
  if (result) {
    known['refreshToken'] = result['refreshToken'];
    if (people['ada']) people['ada'].token = result['accessToken'];
    known['userId'] ??= (result['user'] as { id?: string } | undefined)?.id;
  }
  const secret = data['beginTwoFactorEnrollment']?.['secret'];
  if (secret) known['code'] = nextCode(harness, secret);
  const codes = data['confirmTwoFactorEnrollment']?.['recoveryCodes'];
  if (codes) {
    [known['recoveryCode']] = codes as string[];
    const challenge = await harness
      .client()
      .mutate(
        'login',
        { identifier: 'ada', password: 'correct horse battery' },
        'result { ... on TwoFactorChallenge { challengeToken } }',
      );
    known['challengeToken'] = challenge['result']?.['challengeToken'];
  }
  known['roleId'] ??= (data['createRole']?.['role'] as { id?: string } | undefined)?.id;
}

const nameOf = ({ operation }: Example) => {
  const [definition] = parse(operation).definitions;
  return definition?.kind === 'OperationDefinition' ? String(definition.name?.value) : '';
};

test.each(examples.map((example) => [nameOf(example), example] as const))(
  '%s',
  async (_name, { who, operation, answer }) => {
    const { data, errors = [] } = (await people[who]?.ask(operation, known)) ?? {};
    const documented: unknown = JSON.parse(answer);
    expect(opened(errors.length > 0 ? { errors } : data, documented)).toEqual(documented);
    if (data) await remember(data as never);
  },
);
