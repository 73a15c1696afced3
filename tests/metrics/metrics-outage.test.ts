import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { DatabaseLine } from '../support/database-line.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { scrape } from '../support/scrape.js';
import { overHttp } from '../support/transports.js';

let harness: Harness;
let line: DatabaseLine;
let app: App;
beforeAll(async () => {
  harness = await Harness.start({ METRICS_PORT: '0' });
  line = await DatabaseLine.to(harness.databaseUrl);
  app = await harness.another({ DATABASE_URL: line.url, METRICS_PORT: '0' });
});
afterAll(async () => {
  line.mend();
  await harness.close();
  await line.close();
});

const fromDatabase = [
  'gatehouse_jobs',
  'gatehouse_event_publication_lag_seconds',
  'gatehouse_event_feed_lag_seconds',
  'gatehouse_event_chain_fault',
];
const isUp = (up: number) => async () => {
  const scraped = await scrape(app);
  return scraped.value('gatehouse_database_up') === up && scraped;
};

test('scrapes at a time share one reading', async () => {
  const { sql } = app.services.database;
  const rows = jest.spyOn(sql, 'rows');
  await Promise.all(Array.from({ length: 10 }, () => scrape(app)));
  await scrape(app);
  expect(rows.mock.calls.filter(([text]) => text.includes('from jobs group by task'))).toHaveLength(1);
  rows.mockRestore();
  const up = await eventually(isUp(1), 30_000, 250);
  expect(fromDatabase.filter((name) => up.of(name).length === 0)).toEqual([]);
});

test('services of one process count apart', async () => {
  const { url } = harness.app;
  await overHttp(url, { query: 'query Viewer { viewer { id } }' });
  const of = { kind: 'query', name: 'Viewer', outcome: 'OK' };
  expect((await scrape(harness.app)).value('gatehouse_operations_total', of)).toBe(1);
  expect((await scrape(app)).value('gatehouse_operations_total', of)).toBe(0);
});

test('while the database is silent, or refuses connections, a scrape is answered without what only it knows', async () => {
  line.mute();
  const silent = await eventually(isUp(0), 30_000, 250);
  line.cut();
  await eventually(async () => (await scrape(app)).value('gatehouse_signals_silence_seconds') > 1);
  for (const away of [silent, await scrape(app)]) {
    expect(fromDatabase.flatMap((name) => away.of(name))).toEqual([]);
    expect(away.of('gatehouse_sql_errors_total')).toHaveLength(2);
    expect(away.of('process_resident_memory_bytes')).toHaveLength(1);
  }
  line.mend();
  const back = await eventually(isUp(1), 60_000, 250);
  expect(fromDatabase.filter((name) => back.of(name).length === 0)).toEqual([]);
  await eventually(async () => (await scrape(app)).value('gatehouse_signals_silence_seconds') < 1, 30_000);
});
