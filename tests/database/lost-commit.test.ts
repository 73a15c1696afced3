import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { Client } from '../support/client.js';
import { DatabaseLine } from '../support/database-line.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

let harness: Harness;
let line: DatabaseLine;
let app: App;
beforeAll(async () => {
  harness = await Harness.start();
  line = await DatabaseLine.to(harness.databaseUrl);
  app = await harness.another({ DATABASE_URL: line.url });
});
afterAll(async () => {
  await harness.close();
  await line.close();
});

const register = (username: string) =>
  new Client(app.url).ask(
    `mutation { register(input: { username: "${username}", email: "${username}@example.com", password: "${password}" }) { email errors { code } } }`,
  );
const sql = (text: string, values: string[]) => harness.app.services.database.sql.rows(text, values);
const accountsOf = (username: string) => sql('select 1 from users where username = $1', [username]);

test('a registration whose COMMIT is not answered is answered as what it is: done, once', async () => {
  for (const username of ['ada', 'bob', 'cleo']) {
    const lost = line.loseNextCommit();
    const [{ codes, data }] = await Promise.all([register(username), lost]);
    expect([codes, data]).toEqual([[], { register: { email: `${username}@example.com`, errors: [] } }]);
    expect(await accountsOf(username)).toHaveLength(1);
    expect(
      await sql(
        "select 1 from mailed_tokens t join users u on u.id = t.user_id where username = $1 and purpose = 'verify-email'",
        [username],
      ),
    ).toHaveLength(1);
  }
});

test('one that is cut before its COMMIT has not happened, and a second try is the first that does', async () => {
  await harness.app.services.database.sql.rows(`create function cut() returns trigger language plpgsql as
    $$ begin if new.username = 'dan' then perform pg_sleep(30); end if; return new; end $$`);
  await harness.app.services.database.sql.rows(
    'create trigger cut before insert on users for each row execute function cut()',
  );
  const first = register('dan');
  await eventually(
    async () => (await sql(`select 1 from pg_stat_activity where wait_event = 'PgSleep'`, [])).length > 0,
  );
  line.cut();
  expect((await first).codes).toEqual(['SERVICE_UNAVAILABLE']);
  line.mend();
  await sql(`select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'`, []);
  await harness.app.services.database.sql.rows('drop trigger cut on users');
  await eventually(async () => (await fetch(`${app.url}/health/ready`)).status === 200);
  const { codes, data } = await register('dan');
  expect([codes, data['register']?.['errors']]).toEqual([[], []]);
  expect(await accountsOf('dan')).toHaveLength(1);
});
