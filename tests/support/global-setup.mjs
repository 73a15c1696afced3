import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
// Jest loads this file without the test runtime, so it imports the compiled code that `npm test` has just built.
import { Database } from '../../dist/src/database/database.js';
import { startEmbeddedPostgres } from '../../dist/src/database/embedded/embedded-postgres.js';
import { SearchIndex } from '../../dist/src/database/search-index.js';

const log = pino({ level: 'silent' });

/** Security events whether or not they are published yet, for tests that look at what a change has written. */
const columns =
  'id, position, type, occurred_at, actor_id, subject_id, session_id, ip_address, user_agent, request_id, details';
const everyEvent = `create view every_event as
  select ${columns} from security_event_outbox union all select ${columns} from security_events`;

/** Starts one server per run, or uses TEST_DATABASE_URL, and migrates a template database that tests copy. */
export default async function setup() {
  const given = process.env.TEST_DATABASE_URL;
  const dataDir = given ? undefined : await mkdtemp(join(tmpdir(), 'gatehouse-test-'));
  const postgres =
    dataDir && (await startEmbeddedPostgres({ dataDir, log, settings: { fsync: 'off', max_connections: '300' } }));
  const adminUrl = given ?? postgres.url;
  const template = `template_${randomUUID().replaceAll('-', '')}`;
  await administer(adminUrl, `create database ${template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${template}`;
  const database = await Database.open(url.href, 2, log);
  await database.close();
  await administer(url.href, everyEvent);
  await new SearchIndex(url.href, log).ensure();
  process.env.GATEHOUSE_TEST_SERVER = JSON.stringify({ adminUrl, template });
  globalThis.gatehouseTest = { administer, adminUrl, template, dataDir, postgres };
}

async function administer(connectionString, statement) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
