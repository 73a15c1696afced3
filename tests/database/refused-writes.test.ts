import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { administer, serverOf } from '../support/postgres.js';

let harness: Harness;
let admin: Client;
beforeEach(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
});
afterEach(() => harness.close());

const name = () => new URL(harness.databaseUrl).pathname.slice(1);
const ready = async () => (await fetch(`${harness.app.url}/health/ready`)).status;
/** Error lines of the log that contain an SQLSTATE. */
const saidOf = (state: string) =>
  harness.logged
    .map((line): { level: number; msg: string } => JSON.parse(line))
    .filter(({ level, msg }) => level >= 50 && msg.includes(state));
const createRole = (role: string) =>
  `mutation { createRole(input: { name: "${role}", level: 3 }) { errors { code } } }`;
const login = `mutation { login(input: { identifier: "root.admin", password: "${password}" }) { errors { code } } }`;

/** Expects that writes are refused, whether by entities or by statements, and that reads succeed. */
async function expectRefused() {
  for (let n = 0; n < 5; n += 1)
    for (const [query, client] of [
      [createRole(`role${n}`), admin],
      [login, harness.client()],
    ] as const) {
      const { codes, status, errors } = await client.ask(query);
      expect([query, status, codes]).toEqual([query, 503, ['SERVICE_UNAVAILABLE']]);
      expect(errors[0]?.extensions['retryAfter']).toBeGreaterThan(0);
    }
  expect((await admin.ask('{ viewer { username } users { totalCount } }')).codes).toEqual([]);
}

async function expectServed() {
  expect((await admin.ask(createRole('afterwards'))).data['createRole']?.['errors']).toEqual([]);
  expect((await harness.client().ask(login)).data['login']?.['errors']).toEqual([]);
  await eventually(async () => (await ready()) === 200);
}

test('a database that turns into a standby: SERVICE_UNAVAILABLE, one line in the log, not ready, and back again', async () => {
  const set = (value: string) =>
    administer(
      serverOf().adminUrl,
      `alter database ${name()} set default_transaction_read_only = ${value};
       select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name()}'`,
    );
  await set('on');
  await eventually(async () => (await harness.client().ask('{ viewer { id } }')).codes.length === 0);
  await expectRefused();
  expect(await ready()).toBe(503);
  expect(saidOf('25006')).toHaveLength(1);
  await set('off');
  await eventually(async () => (await ready()) === 200);
  await expectServed();
});

const full = `
  create function no_space() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
  create function no_space_for_tables() returns event_trigger language plpgsql as $$
    begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
  create trigger full_roles before insert on roles execute function no_space();
  create trigger full_events before insert on security_event_outbox execute function no_space();
  create event trigger full_disk on ddl_command_start execute function no_space_for_tables()`;

test('a full disk: SERVICE_UNAVAILABLE, one line in the log, not ready until there is space again', async () => {
  await administer(harness.databaseUrl, full);
  await expectRefused();
  expect(await ready()).toBe(503);
  expect((await fetch(`${harness.app.url}/health/live`)).status).toBe(200);
  expect(saidOf('53100')).toHaveLength(1);
  await administer(
    harness.databaseUrl,
    'drop event trigger full_disk; drop trigger full_roles on roles; drop trigger full_events on security_event_outbox',
  );
  await expectServed();
});
