import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { after, minutes } from '../../src/clock.js';
import { makeToken } from '../support/api-tokens.js';
import { Client } from '../support/client.js';
import { allPublished } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { begun, forEveryone, Listener, publishMarked, range, writeMarked } from '../support/listeners.js';
import { RawSocket } from '../support/raw-socket.js';
import { roleWith } from '../support/role-with.js';
import { signInAndOut } from '../support/sessions.js';
import { withoutSignals } from '../support/signals.js';

let harness: Harness;
let root: Client;
let count = 0;
beforeAll(async () => {
  harness = await Harness.start();
  root = await harness.admin();
});
afterAll(() => harness.close());

const open: Listener[] = [];
afterEach(() => {
  for (const { socket } of open.splice(0)) socket.socket.terminate();
});

const sql = () => harness.app.services.database.sql;

async function newAdmin(isAdmin = true): Promise<Client> {
  count += 1;
  const username = `watcher${count}`;
  await root.mutate('createUser', { username, email: `${username}@example.com`, password, isAdmin }, 'user { id }');
  const client = harness.client();
  await client.login(username, password);
  return client;
}

/** A user whose right is that of a role, and the id of the role. */
async function auditor(expiresAt: Date | null = null): Promise<{ client: Client; roleId: string }> {
  const client = await newAdmin(false);
  const roleId = await roleWith(harness, `auditor-${count}`, 1, { 'security-event:read': null });
  await root.mutate('grantRole', { roleId, userId: client.userId, expiresAt }, 'grant { id }');
  return { client, roleId };
}

async function withToken(): Promise<{ client: Client; tokenId: string }> {
  const owner = await newAdmin();
  const { id, token } = await makeToken(owner, ['security-event:read']);
  return { client: Object.assign(new Client(harness.app.url), { token }), tokenId: id };
}

/** Idle streams of the caller, and of another, who goes on and is told each event first: the others can share the result. */
async function idle(client: Client) {
  const staying = await Listener.open(harness.app.url, root, ['x', 'y'], forEveryone, {
    variables: { types: ['LOGIN_FAILED'] },
  });
  const losing = [
    ...(await Listener.open(harness.app.url, client, ['a'])),
    ...(await Listener.open(harness.app.url, client, ['b'])),
  ];
  open.push(...staying, ...losing);
  await begun(harness, open);
  // Those whom an event concerns wait behind all others afterwards.
  await sql().rows(writeMarked.replace('LOGIN_FAILED', 'LOGOUT'), [-2, -2, '']);
  await eventually(() => losing.every(({ marks }) => marks.includes(-2)));
  return { losing, staying };
}

/** A statement by which a right is lost. */
type Loss = readonly [statement: string, id: string];

const losses: Record<string, () => Promise<{ client: Client; loss: Loss }>> = {
  'is no administrator any more': async () => {
    const client = await newAdmin();
    return { client, loss: ['update users set is_admin = false where id = $1', String(client.userId)] };
  },
  'is deactivated': async () => {
    const client = await newAdmin();
    return { client, loss: ['update users set is_active = false where id = $1', String(client.userId)] };
  },
  'whose session is ended': async () => {
    const client = await newAdmin();
    const statement = "update sessions set ended_at = now(), end_reason = 'REVOKED' where id = $1";
    return { client, loss: [statement, String(client.sessionId)] };
  },
  'whose grant is revoked': async () => {
    const { client } = await auditor();
    return { client, loss: ['delete from role_grants where user_id = $1', String(client.userId)] };
  },
  'whose role loses the permission': async () => {
    const { client, roleId } = await auditor();
    return { client, loss: ['delete from permissions where role_id = $1', roleId] };
  },
  'whose API token is revoked': async () => {
    const { client, tokenId } = await withToken();
    return { client, loss: ['update api_tokens set revoked_at = now() where id = $1', tokenId] };
  },
};

async function expectEnded(losing: readonly Listener[], staying: readonly Listener[], last: number): Promise<void> {
  await eventually(() => staying.every(({ marks }) => marks.includes(last)));
  await eventually(() => losing.every(({ hasEnded }) => hasEnded));
  for (const { marks } of losing) expect(marks.filter((mark) => mark > 0)).toEqual([]);
  for (const { marks } of staying) expect(marks.filter((mark) => mark > 0)).toEqual(range(1, last));
  expect(staying.some(({ hasEnded }) => hasEnded)).toBe(false);
}

describe.each(Object.entries(losses))('an idle stream of somebody who %s', (_who, begin) => {
  test('tells nothing of the same transaction, nor of what is published right after it', async () => {
    const { client, loss } = await begin();
    const { losing, staying } = await idle(client);
    const [statement, id] = loss;
    await harness.app.services.database.transaction(async (tx) => {
      await tx.rows(writeMarked, [1, 5, '']);
      await tx.rows(statement, [id]);
    });
    await publishMarked(harness, 6, 8);
    await expectEnded(losing, staying, 8);
  });

  test('tells nothing more while signals are silent', async () => {
    const { client, loss } = await begin();
    const { losing, staying } = await idle(client);
    const restore = await withoutSignals(harness.app);
    await sql().rows(loss[0], [loss[1]]);
    await publishMarked(harness, 1, 3);
    await expectEnded(losing, staying, 3);
    await restore();
  });
});

test('an idle stream tells nothing more once the grant of its right has ended by time', async () => {
  const { client } = await auditor(after(harness.clock.now(), minutes(10)));
  const { losing, staying } = await idle(client);
  harness.clock.advance(minutes(10));
  await publishMarked(harness, 1, 3);
  await expectEnded(losing, staying, 3);
});

test('a stream that goes on tells of the newest event only while its caller may read all', async () => {
  const client = await newAdmin();
  const username = `watcher${count}`;
  const query = 'subscription { sessionEvents { cursor type } }';
  const socket = await RawSocket.open(harness.app.url, client.token);
  const hasHead = () =>
    socket.frames
      .filter(({ type }) => type === 'next')
      .map(({ payload }) => 'head' in (payload as { extensions: object }).extensions);
  for (const id of ['s', 't']) socket.subscribe(id, query);
  await eventually(async () => {
    await signInAndOut(harness, username);
    return hasHead().length > 0;
  });
  await allPublished(harness);
  await sql().rows('update users set is_admin = false where id = $1', [String(client.userId)]);
  await allPublished(harness);
  expect(hasHead()).not.toContain(false);
  await signInAndOut(harness, username);
  await eventually(() => hasHead().includes(false));
  expect(hasHead().at(-1)).toBe(false);
  socket.socket.terminate();
});
