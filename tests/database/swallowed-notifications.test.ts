import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { seconds } from '../../src/clock.js';
import { Client } from '../support/client.js';
import { DatabaseLine } from '../support/database-line.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

/** Jest's time limit, in milliseconds. With such a pooler a start waits some seconds for its own notification. */
const patience = seconds(120);

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});

const at = (app: App, { token }: Client) => Object.assign(new Client(app.url), { token });
const code = async (client: Client) => (await client.ask('{ viewer { id } }')).codes[0];

/** Uses a session at a process often enough for it to be cached there. */
async function remembered(app: App, person: Client): Promise<Client> {
  const there = at(app, person);
  for (let round = 0; round < 3; round += 1) expect(await code(there)).toBeUndefined();
  return there;
}

async function admin(): Promise<Client> {
  const client = harness.client();
  await client.login('root.admin', password);
  return client;
}

describe.each([
  ['to nobody', 'all'],
  ['to whoever runs a statement, as a pooler in transaction mode does', 'idle'],
] as const)('notifications are passed on %s', (_whom, swallows) => {
  let line: DatabaseLine;
  let deaf: App;
  beforeAll(async () => {
    line = await DatabaseLine.to(harness.databaseUrl);
    line.swallows = swallows;
    deaf = await harness.another({ DATABASE_URL: line.url });
  }, patience);
  afterAll(async () => {
    await deaf.close();
    await line.close();
  });

  test('a session that is logged out in one process does not work in the other', async () => {
    const person = await admin();
    const there = await remembered(deaf, person);
    expect((await person.ask('mutation { logout { errors { code } } }')).codes).toEqual([]);
    expect(await code(there)).toBe('UNAUTHENTICATED');
  });

  test('nor the other way round', async () => {
    const person = await admin();
    const here = await remembered(harness.app, person);
    expect((await at(deaf, person).ask('mutation { logout { errors { code } } }')).codes).toEqual([]);
    expect(await code(here)).toBe('UNAUTHENTICATED');
  });

  test('a role that is taken away, a key that is new and a post that is taken back are seen at once', async () => {
    const root = await admin();
    const there = await remembered(deaf, root);
    const { data } = await root.ask(
      `mutation { createRole(input: { name: "${swallows}", level: 3 }) { role { id } errors { code } } }`,
    );
    const roleId = String(data['createRole']?.['role']?.['id']);
    const role = '{ roles { id } }';
    expect(JSON.stringify((await there.ask(role)).data)).toContain(roleId);
    await root.mutate('deleteRole', { roleId }, 'deletedRoleId');
    expect(JSON.stringify((await there.ask(role)).data)).not.toContain(roleId);
  });

  test('nothing is answered from memory, and the process is ready', async () => {
    const there = await remembered(deaf, await admin());
    const { sql } = deaf.services.database;
    const before = sql.sent;
    await code(there);
    expect(sql.sent).toBeGreaterThan(before);
    expect(deaf.services.signals.isListening).toBe(false);
    expect((await fetch(`${deaf.url}/health/ready`)).status).toBe(200);
  });

  test('streams go on, from both processes', async () => {
    const there = await remembered(deaf, await admin());
    const stream = there.follow('subscription { securityEvents(filter: { types: [LOGIN_FAILED] }) { cursor } }');
    await eventually(() => deaf.services.signals.listenerCount('published') > 0);
    await harness.client().login('nobody', 'wrong');
    await eventually(() => stream.events.length === 1);
    await new Client(deaf.url).login('nobody', 'wrong');
    await eventually(() => stream.events.length === 2);
    expect([stream.codes, stream.ended]).toEqual([[], false]);
    stream.stop();
  });

  test(
    'says so once, and that it is over',
    async () => {
      const warnings = () =>
        harness.logged.filter((entry) => entry.includes('come round')).map((entry) => JSON.parse(entry).level);
      const warning = 40;
      const news = 30;
      expect(warnings().slice(-1)).toEqual([warning]);
      line.swallows = 'none';
      await eventually(() => deaf.services.signals.isListening, seconds(30));
      expect(warnings().slice(-2)).toEqual([warning, news]);
      // The same once more, while the process runs.
      const person = await admin();
      const there = await remembered(deaf, person);
      line.swallows = swallows;
      await person.ask('mutation { logout { errors { code } } }');
      expect(await code(there)).toBe('UNAUTHENTICATED');
      await eventually(() => warnings().length === 3 * (swallows === 'all' ? 1 : 2), seconds(30));
    },
    patience,
  );
});
