import { randomUUID } from 'node:crypto';
import { makeAccount } from './accounts.js';
import type { Client } from './client.js';
import { comment, writePost } from './content.js';
import type { Harness } from './harness.js';
import { roleWith } from './role-with.js';

/** Creates the value of an operation's variable. @returns an id, or a text that is not in use */
type Maker = () => Promise<string>;

const level = 60;

/**
 * Variables for the access matrix: things of `user`, and accounts and roles of level 60. Those named `new…` are created
 * for each call, because the operation may delete or change them.
 */
export async function makers(harness: Harness, user: Client): Promise<Record<string, Maker>> {
  const { sql } = harness.app.services.database;
  const one = async (text: string, ...values: string[]) => String((await sql.row<{ id: string }>(text, values))?.id);
  const userId = String(user.userId);
  const chiefs = await roleWith(harness, 'chiefs', level, {});
  const permissionOf = (roleId: string) => one('select id from permissions where role_id = $1', roleId);
  const ownSession = 'update sessions set user_id = $1 where id = $2 returning id';
  const ownToken = 'update api_tokens set user_id = $1 where id = $2 returning id';
  const fresh = {
    name: async () => `name-${randomUUID()}`,
    address: async () => `${randomUUID()}@example.com`,
    newAccount: async () => (await makeAccount(harness)).id,
    newChief: async () => (await makeAccount(harness, { roleId: chiefs })).id,
    newRole: () => roleWith(harness, `role ${randomUUID()}`, level, { 'invoice:read': null }),
    newPermission: async () => permissionOf(await fresh.newRole()),
    newSession: async () => one(ownSession, userId, (await makeAccount(harness)).sessionId),
    newApiToken: async () => one(ownToken, userId, (await makeAccount(harness)).tokenId),
    newPost: () => writePost(user, { published: true }),
    newDraft: () => writePost(user, { published: false }),
    newComment: () => comment(user, post),
  };
  const [post, draft, chief, role] = [
    await fresh.newPost(),
    await fresh.newDraft(),
    await fresh.newChief(),
    await fresh.newRole(),
  ];
  const lasting = {
    user: userId,
    session: String(user.sessionId),
    apiToken: await fresh.newApiToken(),
    grant: await one('select id from role_grants where user_id = $1', userId),
    event: await one('select id from every_event where session_id = $1 limit 1', String(user.sessionId)),
    post,
    draft,
    comment: await comment(user, post),
    draftComment: await comment(user, draft),
    chief,
    chiefs,
    permission: await permissionOf(role),
    postOfChief: await one('update posts set author_id = $1 where id = $2 returning id', chief, await fresh.newPost()),
    everyone: await one(`select id from roles where name = 'user' and is_system`),
  };
  return { ...fresh, ...Object.fromEntries(Object.entries(lasting).map(([name, id]) => [name, async () => id])) };
}
