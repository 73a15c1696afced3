import { beforeAll, describe, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { fresh, transports } from '../support/transports.js';

let harness: Harness;
let other: App;
let admin: Client;
let count = 0;
beforeAll(async () => {
  harness = await Harness.start();
  other = await harness.another();
  admin = new Client(other.url);
  await admin.login('root.admin', password);
});

const newName = () => {
  count += 1;
  return `target${count}`;
};

/** Creates an administrator for one test. */
async function deputy(): Promise<Client> {
  const person = await harness.person(newName());
  await admin.mutate('setAdministrator', { userId: person.userId, isAdmin: true }, 'user { id }');
  await eventually(async () => (await person.ask('{ roles { id } }')).codes.length === 0);
  return person;
}

describe('of a document of changes, whose caller loses the right to them during the first, no other is made:', () => {
  const creation = (name: string) =>
    `${name}: createUser(input: { username: "${name}", email: "${name}@example.com", password: "${password}" }) { user { id } }`;
  const ends: Record<string, (userId: string | undefined) => Promise<unknown>> = {
    revocation: (userId) => admin.mutate('revokeUserSessions', { userId }, 'sessions { id }'),
    demotion: (userId) => admin.mutate('setAdministrator', { userId, isAdmin: false }, 'user { id }'),
    deactivation: (userId) => admin.mutate('deactivateUser', { userId }, 'user { id }'),
    deletion: (userId) => admin.mutate('deleteUser', { userId }, 'deletedUserId'),
  };
  const codeAfter = (how: string) => (how === 'demotion' ? 'FORBIDDEN' : 'UNAUTHENTICATED');

  /** Delays the next hash until this process knows that the victim's right has ended. */
  function endDuringHash(end: () => Promise<unknown>): void {
    const { passwords, principals } = harness.app.services;
    const hash = passwords.hash.bind(passwords);
    passwords.hash = async (text) => {
      passwords.hash = hash;
      const before = principals.version;
      await end();
      await eventually(() => principals.version > before);
      return hash(text);
    };
  }

  describe.each(transports)('%s', (_transport, ask) => {
    test.each(Object.keys(ends))('after a %s', async (how) => {
      const victim = await deputy();
      endDuringHash(async () => ends[how]?.(victim.userId));
      const names = [newName(), newName(), newName()];
      const query = fresh(`mutation { ${names.map(creation).join(' ')} }`);
      const { codes } = await ask(harness.app.url, { query, token: victim.token });
      expect(codes).toEqual([codeAfter(how)]);
      // The first mutation is running: rights are checked again when the account is created, the session is not.
      const under = how === 'revocation' ? [{ username: names[0] }] : [];
      const made = 'select username from users where username = any($1::text[])';
      expect(await harness.app.services.database.sql.rows(made, [names])).toEqual(under);
    });
  });
});
