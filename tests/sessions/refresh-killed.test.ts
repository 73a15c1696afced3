import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { ServiceProcess } from '../support/service-process.js';

let harness: Harness;
let doomed: ServiceProcess;
beforeAll(async () => {
  harness = await Harness.start();
  doomed = await ServiceProcess.start({ DATABASE_URL: harness.databaseUrl });
});
afterAll(() => doomed.stop());

const rows = <Row>(text: string, values: string[] = []) => harness.app.services.database.sql.rows<Row>(text, values);

test('a client whose process is killed between exchange and answer gets the same lineage from another', async () => {
  const person = await harness.person('survivor');
  const token = String(person.refreshToken);
  // Sleeps in the commit: the process is gone before the exchange has happened, which then happens all the same.
  await rows(`create function linger() returns trigger language plpgsql as
    $$ begin if new.token_generation = 1 then perform pg_sleep(1); end if; return null; end $$`);
  await rows(`create constraint trigger linger after update on sessions deferrable initially deferred
    for each row execute function linger()`);
  const refresh = (client: Client) =>
    client.mutate('refreshSession', { refreshToken: token }, 'authentication { refreshToken session { id } }');
  const unanswered = refresh(new Client(doomed.url)).catch((error: unknown) => error);
  const isSleeping = `select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
  await eventually(async () => (await rows(isSleeping)).length > 0);
  await doomed.kill();
  expect(await unanswered).toBeInstanceOf(Error);
  const isExchanged = 'select 1 from sessions where id = $1 and token_generation = 1';
  await eventually(async () => (await rows(isExchanged, [String(person.sessionId)])).length > 0);

  const [once, again] = [await refresh(harness.client()), await refresh(harness.client())];
  expect(once['authentication']?.['session']?.['id']).toBe(person.sessionId);
  expect(again).toEqual(once);
  expect(
    await rows('select token_generation as n, ended_at as ended from sessions where id = $1', [
      String(person.sessionId),
    ]),
  ).toEqual([{ n: 1, ended: null }]);
});
