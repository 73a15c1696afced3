import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { hours, minutes } from '../../src/clock.js';
import { loadDotEnv } from '../../src/commands/dot-env.js';
import { described } from '../../src/environment/described.js';
import { variables } from '../../src/environment/environment.js';
import { Settings } from '../../src/environment/settings.js';
import { withFiles } from '../../src/environment/variables-from-files.js';
import { verifySteadily } from '../../src/security-events/chain/verify-steadily.js';
import type { Client, Json } from '../support/client.js';
import { allPublished } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';

const planted = 'planted-Zx81Qv';

describe('settings of an environment', () => {
  const listed = (env: Record<string, string>) => new Settings(env, withFiles(env).values).list();

  test('are all variables, each with its source', async () => {
    expect(listed({}).map(({ name }) => name)).toEqual(described.map(({ name }) => name));
    expect(described.map(({ name }) => name).sort()).toEqual([...variables].sort());
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-settings-'));
    await writeFile(join(folder, 'name'), 'From a file\n');
    await writeFile(join(folder, '.env'), 'LOG_LEVEL=debug\nPORT=4001\n');
    const env = { SERVICE_NAME_FILE: join(folder, 'name'), PORT: '4002', HOST: '' };
    loadDotEnv(env, folder);
    const found = Object.fromEntries(listed(env).map(({ name, source, value }) => [name, [source, value]]));
    await rm(folder, { recursive: true });
    expect(found).toMatchObject({
      SERVICE_NAME: ['FILE', 'From a file'],
      LOG_LEVEL: ['DOT_ENV', 'debug'],
      PORT: ['ENVIRONMENT', '4002'],
      HOST: ['DEFAULT', '127.0.0.1'],
      INTROSPECTION: ['DEFAULT', null],
      DATABASE_URL: ['DEFAULT', null],
    });
  });

  test('never show a text that may be a secret, nor names and passwords in URLs', () => {
    const hidden = listed(Object.fromEntries(variables.map((name) => [name, planted]))).filter(
      ({ isHidden }) => isHidden,
    );
    expect(hidden.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'APP_SECRET',
        'ADMIN_PASSWORD',
        'DATABASE_URL',
        'SMTP_URL',
        'OTEL_EXPORTER_OTLP_HEADERS',
      ]),
    );
    expect(JSON.stringify(hidden)).not.toContain(planted);
    const urls = listed(
      Object.fromEntries(variables.map((name) => [name, `https://user:${planted}@id.example.com/a`])),
    );
    expect(JSON.stringify(urls)).not.toContain(planted);
    expect(urls.find(({ name }) => name === 'PUBLIC_URL')?.value).toBe('https://…@id.example.com/a');
  });

  test('of whatever name that tells of a secret are hidden', () => {
    const shown = listed({}).filter(({ isHidden }) => !isHidden);
    const telling = shown.filter(({ name }) => /SECRET|PASSWORD|TOKEN|KEY|HEADERS|DATABASE_URL|SMTP/.test(name));
    // Numbers and durations.
    expect(telling.map(({ name, type }) => [name, /^(number|rate|duration)/.test(type)])).toEqual(
      telling.map(({ name }) => [name, true]),
    );
  });
});

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start({ SERVICE_NAME: 'Under test' });
  admin = await harness.admin();
});

const sql = () => harness.app.services.database.sql;
const asked = async (query: string, variables = {}) => {
  const { data, codes } = await admin.ask(query, variables);
  if (codes.length > 0) throw new Error(codes.join());
  return data;
};

describe('Query.settings', () => {
  const settings = `{ settings { version nodeVersion postgresVersion startedAt uptime
    variables { name topic description type source isHidden value byDefault otherwise } health { check state message } } }`;

  test('tells what is set, and no secret', async () => {
    const { settings: found } = (await asked(settings)) as { settings: Json };
    expect(found).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      nodeVersion: process.versions.node,
      postgresVersion: expect.stringMatching(/^\d+/),
    });
    const rows = [...(found['variables'] ?? [])] as unknown as Record<string, unknown>[];
    expect(rows.find(({ name }) => name === 'SERVICE_NAME')).toMatchObject({
      source: 'ENVIRONMENT',
      value: 'Under test',
    });
    expect(rows.find(({ name }) => name === 'APP_SECRET')).toMatchObject({
      source: 'ENVIRONMENT',
      isHidden: true,
      value: null,
    });
    const { appSecret, databaseUrl, mail } = harness.app.services.config;
    for (const secret of [appSecret, databaseUrl, new URL(String(databaseUrl)).password, mail.smtpUrl, password])
      expect(JSON.stringify(found)).not.toContain(secret || 'no such text');
    expect(JSON.stringify(found)).toContain(administrator.username);
  });

  test('tells of what is wrong first, with what to do', async () => {
    const health = async () => {
      const { settings: found } = (await asked(settings)) as { settings: Json };
      return [...(found['health'] ?? [])] as unknown as Record<'check' | 'state' | 'message', string>[];
    };
    const before = await health();
    expect(before.map(({ check }) => check).sort()).toEqual(
      [
        'administrators',
        'clock',
        'database',
        'disk',
        'events',
        'extensions',
        'jobs',
        'keys',
        'mail',
        'pages',
        'redis',
        'replicas',
        'signals',
      ].sort(),
    );
    const id = '00000000-0000-4000-8000-0000000000aa';
    await sql().rows(`insert into jobs (id, task, created_at, failed_at) values ($1, 'unknown', now(), now())`, [id]);
    const after = await health();
    expect(after.find(({ check }) => check === 'jobs')).toMatchObject({
      state: 'WARNING',
      message: expect.stringContaining('1 of unknown'),
    });
    const states = after.map(({ state }) => ['FAULT', 'WARNING', 'OK'].indexOf(state));
    expect(states).toEqual([...states].sort());
    await sql().rows('delete from jobs where id = $1', [id]);
  });
});

describe('jobs', () => {
  const fields = 'id task state isPeriodic attempts lastError dueAt expiresAt mail { recipient kind }';
  const jobs = async (filter: string) =>
    ((await asked(`{ jobs(filter: { ${filter} }) { nodes { ${fields} } } }`))['jobs']?.['nodes'] ??
      []) as unknown as Record<string, unknown>[];
  const mailJob = `insert into jobs (id, task, payload, created_at, due_at, attempts, failed_at, expires_at)
    values (gen_random_uuid(), 'unknown', '\\x00', now(), $1, 3, $2, $3)`;

  test('that wait are listed with their mail; periodic ones always', async () => {
    harness.mailbox.refused.set('slow@example.com', { responseCode: 451, message: 'try slow@example.com later' });
    await harness.client().mutate('register', { username: 'slow', email: 'slow@example.com', password }, 'email');
    const mail = await eventually(async () =>
      (await jobs('task: "mail", state: WAITING')).find(({ lastError }) => lastError),
    );
    expect(mail).toMatchObject({
      task: 'mail',
      isPeriodic: false,
      mail: { recipient: 'slow@example.com', kind: 'verification' },
      lastError: expect.stringContaining('451'),
    });
    expect(await jobs('task: "sweep"')).toMatchObject([{ isPeriodic: true, mail: null }]);
    const counts = (await asked('{ jobCounts { task waiting running failed nextDueAt } }'))[
      'jobCounts'
    ] as unknown as Record<string, unknown>[];
    expect(counts.find(({ task }) => task === 'mail')).toMatchObject({ waiting: 1, failed: 0 });
    harness.mailbox.refused.clear();
  });

  test('that have failed run again all at once, except those that nobody awaits', async () => {
    const now = harness.clock.now();
    const past = new Date(now.getTime() - hours(1));
    for (const expiresAt of [null, null, past]) await sql().rows(mailJob, [null, past, expiresAt]);
    const retry = (input: Record<string, unknown>) =>
      admin.mutate('retryFailedJobs', input, 'retriedCount expiredCount');
    expect(await retry({ task: 'another' })).toMatchObject({ retriedCount: 0, expiredCount: 0 });
    expect(await retry({ task: 'unknown' })).toEqual({ retriedCount: 2, expiredCount: 1, errors: [] });
    expect(await jobs('task: "unknown"')).toMatchObject([{ attempts: 0 }, { attempts: 0 }]);
    expect(await retry({})).toMatchObject({ retriedCount: 0, expiredCount: 1 });
    await sql().rows(`delete from jobs where task = 'unknown'`);
  });
});

describe('the record of events', () => {
  const events = async (terms: string) =>
    ((await asked(`{ securityEvents(${terms}) { nodes { type requestId actorId subjectId } } }`))['securityEvents']?.[
      'nodes'
    ] ?? []) as unknown as Record<string, string>[];

  test('is exported up to the moment at which the export began, and tells of it', async () => {
    const person = await harness.person('exported');
    await allPublished(harness);
    const filter = {
      personId: person.userId,
      types: ['LOGIN_SUCCEEDED', 'EVENTS_EXPORTED'],
      since: '2026-01-01T00:00:00.000Z',
    };
    const { before } = await admin.mutate('beginSecurityEventExport', { format: 'JSON_LINES', filter }, 'before');
    await harness.client().login('exported', password);
    await allPublished(harness);
    const terms = `last: 100, before: "${before}", filter: { personId: "${person.userId}" }`;
    const found = await events(terms);
    expect(found.filter(({ type }) => type === 'LOGIN_SUCCEEDED')).toHaveLength(1);
    expect(found.map(({ subjectId }) => subjectId)).toEqual(found.map(() => person.userId));
    const [exported] = await sql().rows(
      `select actor_id as actor, details from security_events where type = 'EVENTS_EXPORTED'`,
    );
    expect(exported).toEqual({ actor: admin.userId, details: { format: 'JSON_LINES', filter } });
    for (const text of ['', '…', 'x'.repeat(201)]) {
      const answer = await admin.ask(
        `mutation ($text: String) { beginSecurityEventExport(input: { format: CSV, filter: { text: $text } }) { before } }`,
        { text },
      );
      expect(answer.codes).toEqual(['BAD_USER_INPUT']);
    }
  });

  test('is found by a person, as actor or subject, and by a request', async () => {
    const person = await harness.person('sought');
    await admin.mutate('updateUser', { userId: person.userId, location: 'Here' }, 'user { id }');
    await allPublished(harness);
    const ofAdmin = await events(`last: 100, filter: { personId: "${admin.userId}" }`);
    const updated = ofAdmin.find(({ type }) => type === 'USER_UPDATED');
    expect(updated).toMatchObject({ actorId: admin.userId, subjectId: person.userId });
    const ofPerson = await events(`last: 100, filter: { personId: "${person.userId}" }`);
    expect(ofPerson).toContainEqual(updated);
    expect(ofPerson.some(({ type }) => type === 'LOGIN_SUCCEEDED')).toBe(true);
    expect(await events(`filter: { requestId: "${updated?.['requestId']}" }`)).toEqual([updated]);
    expect(await events('filter: { requestId: "nonsense" }')).toEqual([]);
    expect(await events('filter: { personId: "nonsense" }')).toEqual([]);
  });

  test('is verified as a whole when somebody asks', async () => {
    const { services } = harness.app;
    const state = async () =>
      (await asked('{ securityEventVerification { isUnderWay isIntact wholeVerifiedAt } }'))[
        'securityEventVerification'
      ] as unknown as Record<string, unknown>;
    await eventually(async () => {
      await verifySteadily(services);
      return (await state())?.['isUnderWay'] === false;
    });
    const first = await state();
    harness.clock.advance(minutes(10));
    const asking = 'mutation { verifySecurityEvents { verification { isUnderWay } errors { code } } }';
    expect(await asked(asking)).toEqual({ verifySecurityEvents: { verification: { isUnderWay: true }, errors: [] } });
    await eventually(async () => {
      await verifySteadily(services);
      return (await state())?.['isUnderWay'] === false;
    });
    const second = await state();
    expect(Date.parse(String(second['wholeVerifiedAt']))).toBeGreaterThanOrEqual(
      Date.parse(String(first['wholeVerifiedAt'])) + minutes(10),
    );
    expect(second['isIntact']).toBe(true);
  });
});
