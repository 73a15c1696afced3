import { setTimeout as sleep } from 'node:timers/promises';
import { sessionEventTypes } from '../src/sessions/session-events.js';
import { Client } from '../tests/support/client.js';
import { ResumingReader } from '../tests/support/resuming-reader.js';
import type { Fleet } from './fleet.js';
import type { Follower } from './received.js';

const password = 'a long enough passphrase';
const types = ['USER_REGISTERED', 'LOGOUT'];

/** Readers with different filters: of an administrator, and of ordinary accounts that follow their own sessions. */
export function followersOf(
  { urls }: Fleet,
  admin: Client,
  people: readonly Client[],
  after: string,
): readonly Follower[] {
  const following = (filter: string, condition: string, ...values: unknown[]): Follower => ({
    reader: new ResumingReader(urls, String(admin.token), after, filter),
    condition,
    values,
  });
  const sessionsOf = ({ token, userId }: Client): Follower => ({
    reader: new ResumingReader(urls, String(token), after, '', 'sessionEvents'),
    condition: 'e.subject_id = $2 and e.type = any($3)',
    values: [userId, sessionEventTypes],
  });
  const subject = people[0]?.userId;
  return [
    following('', 'true'),
    following(`filter: { types: [${types}] }`, 'e.type = any($2)', types),
    following(`filter: { subjectId: "${subject}" }`, 'e.subject_id = $2', subject),
    ...people.map(sessionsOf),
  ];
}

/** Makes ordinary accounts and signs them in. */
export async function peopleOf(admin: Client, names: readonly string[]): Promise<Client[]> {
  const people: Client[] = [];
  for (const username of names) {
    await admin.mutate('createUser', { username, email: `${username}@example.com`, password }, 'user { id }');
    const person = new Client(admin.url);
    await person.login(username, password);
    people.push(person);
  }
  return people;
}

/** Signs in and out again, in a session of its own, until it is over. A process that was killed does not answer. */
export async function comeAndGo(
  name: string,
  anyUrl: () => string,
  pause: number,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const client = new Client(anyUrl());
    await client
      .login(name, password)
      .then(() => client.ask('mutation { logout { errors { code } } }'))
      .catch(() => undefined);
    await sleep(pause);
  }
}
