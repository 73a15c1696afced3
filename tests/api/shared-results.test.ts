import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  buildSchema,
  type ExecutionResult,
  GraphQLObjectType,
  getNamedType,
  isLeafType,
  parse,
  validate,
} from 'graphql';
import { guards } from '../../src/api/permissions.js';
import { fieldsForEveryone, SharedResults, sharingOf } from '../../src/api/shared-results.js';
import type { Context } from '../../src/graphql/context.js';
import { makeToken } from '../support/api-tokens.js';
import { Client, type Following, type Json } from '../support/client.js';
import { allPublished } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { roleWith } from '../support/role-with.js';
import { recordStatements } from '../support/sent-statements.js';

/** Fields of events whose value depends on who asks, or may. Their answers are never shared across callers. */
const fieldsForCallers: Readonly<Record<string, readonly string[]>> = {
  SecurityEvent: ['actor', 'subject', 'session'],
  SessionEvent: ['session'],
};
const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const fieldsOf = (type: string) => Object.values((schema.getType(type) as GraphQLObjectType).getFields());

describe('which answers are the same for everyone', () => {
  test.each(Object.keys(fieldsForCallers))('each field of %s is classified', (type) => {
    const classified = [...(fieldsForEveryone[type] ?? []), ...(fieldsForCallers[type] ?? [])];
    expect(classified.sort()).toEqual(
      fieldsOf(type)
        .map(({ name }) => name)
        .sort(),
    );
  });

  test.each(Object.keys(fieldsForCallers))('what is shared of %s is a value, without arguments or guard', (type) => {
    const shared = fieldsOf(type).filter(({ name }) => fieldsForEveryone[type]?.includes(name));
    expect(shared.length).toBeGreaterThan(0);
    for (const { name, args, type: kind } of shared) {
      expect([name, args.length, isLeafType(getNamedType(kind))]).toEqual([name, 0, true]);
      expect(Object.keys((guards as Record<string, object>)[type] ?? {})).not.toContain(name);
    }
  });

  test.each([
    ['plain fields', 'subscription { securityEvents { id cursor details at: occurredAt __typename } }', true],
    [
      'fragments of them',
      'subscription { e: securityEvents { ...F ... on SecurityEvent { type } } } fragment F on SecurityEvent { id }',
      true,
    ],
    ['arguments of the field itself', 'subscription ($a: String) { securityEvents(after: $a) { cursor } }', true],
    ['a user', 'subscription { securityEvents { cursor actor { id } } }', false],
    [
      'a user within fragments',
      'subscription { securityEvents { ...A } } fragment A on SecurityEvent { ...B } fragment B on SecurityEvent { x: subject { id } }',
      false,
    ],
    ['a session', 'subscription { sessionEvents { cursor session { id } } }', false],
    ['a directive', 'subscription ($s: Boolean!) { securityEvents { cursor id @skip(if: $s) } }', false],
    ['an interface', 'subscription { securityEvents { ... on Node { id } } }', false],
    ['another operation beside it', 'subscription A { securityEvents { cursor } } query B { viewer { id } }', false],
  ])('%s', (_what, query, isForEveryone) => {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    expect(sharingOf(schema, document, { query }).isForEveryone).toBe(isForEveryone);
  });
});

describe('a result that another stream is making', () => {
  test.each([
    ['for everyone', true],
    ['for one session', false],
  ])('%s does not reach a stream whose right ends meanwhile', async (_what, isForEveryone) => {
    const shared = new SharedResults();
    const [event, caller] = [{}, {}];
    let finish = (_result: ExecutionResult) => {};
    const execute = () => new Promise<ExecutionResult>((resolve) => (finish = resolve));
    const told = (may: () => boolean) =>
      shared.tell({
        event,
        sharing: { key: 'alike', isForEveryone },
        renewed: async () => ({ caller }) as Context,
        mayGoOn: may,
        execute,
      });
    const rights = [true, true];
    const first = told(() => true);
    const others = rights.map((_, at) => told(() => rights[at] === true));
    await new Promise(setImmediate);
    rights[0] = false;
    finish({ data: { secret: 1 } });
    expect(await Promise.all([first, ...others])).toEqual([
      { data: { secret: 1 } },
      'forbidden',
      { data: { secret: 1 } },
    ]);
  });
});

describe('the same subscription of callers with different rights', () => {
  const query = `subscription { securityEvents(filter: { types: [LOGIN_FAILED] }) {
    cursor subject { username email } actor { email } session { isCurrent } } }`;
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());

  /** Somebody who may read security events, but of other accounts only the name. */
  async function auditor(): Promise<Client> {
    const role = await roleWith(harness, 'auditor', 1, { 'security-event:read': null });
    const client = await harness.person('auditor');
    const admin = await harness.admin();
    await admin.mutate('grantRole', { roleId: role, userId: client.userId }, 'grant { id }');
    return client;
  }
  const subjects = ({ events }: Following) => events.map((event) => event['securityEvents']?.['subject'] as Json);

  test('each receives what they may read, whoever comes first and whoever is slow', async () => {
    const admin = await harness.admin();
    const second = await harness.admin();
    const limited = await auditor();
    const scoped = new Client(harness.app.url);
    scoped.token = (await makeToken(admin, ['security-event:read'])).token;
    await harness.person('victim');
    const callers = [limited, admin, scoped, second, limited, admin];
    const streams = callers.map((client) => client.follow(query));
    await eventually(async () => {
      await harness.client().login('victim', 'wrong');
      return streams.every(({ events }) => events.length >= 20);
    });
    for (const stream of streams) stream.stop();
    const seen = (at: number) => new Set(subjects(streams[at] as Following).map((subject) => JSON.stringify(subject)));
    const whole = new Set([JSON.stringify({ username: 'victim', email: 'victim@example.com' })]);
    const part = new Set([JSON.stringify({ username: 'victim', email: null })]);
    expect([0, 1, 2, 3, 4, 5].map(seen)).toEqual([part, whole, part, whole, part, whole]);
    expect(new Set((streams[0] as Following).codes)).toEqual(new Set(['FORBIDDEN']));
    expect((streams[1] as Following).codes).toEqual([]);
    expect(new Set((streams[2] as Following).codes)).toEqual(new Set(['FORBIDDEN']));
  });

  test('two sessions of one account each see which of them is theirs', async () => {
    const first = await harness.person('twofold');
    // Otherwise the sign-in of the first session may be behind the cursor.
    await allPublished(harness);
    const page = await (await harness.admin()).ask('{ securityEvents(last: 1) { pageInfo { endCursor } } }');
    const after = page.data['securityEvents']?.['pageInfo']?.['endCursor'];
    const second = harness.client();
    await second.login('twofold', password);
    const own = 'subscription ($after: String) { sessionEvents(after: $after) { type session { id isCurrent } } }';
    const streams = [first, second, first, second].map((client) => client.follow(own, { after }));
    await eventually(() => streams.every(({ events }) => events.length > 0));
    const told = streams.map(({ events }) => events[0]?.['sessionEvents'] as Json);
    expect(told.map((event) => event['session'])).toEqual(
      [false, true, false, true].map((isCurrent) => ({ id: second.sessionId, isCurrent })),
    );
    for (const stream of streams) stream.stop();
  });

  test('streams of one session share the loading of users', async () => {
    const admin = await harness.admin();
    const streams = Array.from({ length: 10 }, () => admin.follow(query));
    const fail = () => harness.client().login('victim', 'wrong');
    await eventually(async () => {
      await fail();
      return streams.every(({ events }) => events.length > 0);
    });
    const { texts, stop } = recordStatements(harness.app);
    const counts: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const before = streams.map(({ events }) => events.length);
      texts.length = 0;
      await fail();
      await eventually(() => streams.every(({ events }, at) => events.length > (before[at] ?? 0)));
      counts.push(texts.filter((text) => text.includes('from users') && text.includes('any($1')).length);
    }
    stop();
    expect(Math.min(...counts)).toBeLessThan(streams.length);
    for (const stream of streams) stream.stop();
  });
});
