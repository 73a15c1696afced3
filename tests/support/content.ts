import type { Client, Json } from './client.js';
import type { Harness } from './harness.js';
import { roleWith } from './role-with.js';

/** Creates a post. @returns its id */
export async function writePost(author: Client, more: Record<string, unknown> = {}): Promise<string> {
  const payload = await author.mutate('createPost', { title: 'A title', body: 'A body', ...more }, 'post { id }');
  if (!payload['post']) throw new Error(JSON.stringify(payload));
  return String(payload['post']['id']);
}

/** Creates a comment. @returns its id */
export async function comment(author: Client, postId: string, body = 'A comment'): Promise<string> {
  const payload = await author.mutate('createComment', { postId, body }, 'comment { id }');
  if (!payload['comment']) throw new Error(JSON.stringify(payload));
  return String(payload['comment']['id']);
}

/** Code of the top-level error or of the payload error; undefined for a success. */
export async function outcomeOf(
  client: Client,
  name: string,
  input: Record<string, unknown>,
): Promise<string | undefined> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const { data, codes } = await client.ask(
    `mutation ($input: ${type}!) { ${name}(input: $input) { errors { code } } }`,
    { input },
  );
  return codes[0] ?? (data[name]?.['errors']?.[0]?.['code'] as string | undefined);
}

export interface Permission {
  readonly permission: string;
  readonly conditions?: Record<string, unknown>;
}

/**
 * Creates a role with these permissions and grants it directly in the database, without access checks.
 * @returns its id
 */
export async function giveRole(
  harness: Harness,
  userId: string | undefined,
  name: string,
  permissions: readonly Permission[],
  expiresAt: Date | null = null,
): Promise<string> {
  const { database, clock, principals } = harness.app.services;
  const permits = permissions.map(({ permission, conditions = null }) => [permission, conditions]);
  const id = await roleWith(harness, name, 10, Object.fromEntries(permits));
  await database.sql.rows(
    `insert into role_grants (id, user_id, role_id, granted_at, expires_at) values (gen_random_uuid(), $1, $2, $3, $4)`,
    [String(userId), id, clock.now(), expiresAt],
  );
  principals.forgetUser(String(userId));
  return id;
}

export const idsOf = (connection: Json | undefined): string[] =>
  ((connection?.['nodes'] ?? []) as unknown as { id: string }[]).map(({ id }) => id);
