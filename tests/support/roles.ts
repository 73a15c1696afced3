import type { Client, Json } from './client.js';

export interface Given {
  readonly name: string;
  readonly level: number;
  /** Permissions as `resource:action`, alone or with conditions. */
  readonly permits?: readonly (string | readonly [permission: string, conditions: object])[];
}

/** The code of a top-level error, or the codes of payload errors with their fields. */
export type Outcome = string;

/** Runs a mutation and describes the outcome, for example `ok`, `NAME_TAKEN name` or `FORBIDDEN`. */
export async function outcomeOf(client: Client, mutation: string, input: Record<string, unknown>): Promise<Outcome> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { ${mutation}(input: $input) { errors { code field } } }`;
  const { codes, data } = await client.ask(query, { input });
  if (codes.length > 0) return codes.join();
  const errors = (data[mutation]?.['errors'] ?? []) as unknown as readonly { code: string; field: string[] | null }[];
  return errors.map(({ code, field }) => [code, ...(field ?? []).slice(1)].join(' ')).join() || 'ok';
}

const made = (payload: Json, name: string): string => {
  const id = payload[name]?.['id'];
  if (!id) throw new Error(JSON.stringify(payload));
  return String(id);
};

/** Creates a role with permissions through the API. @returns its id */
export async function makeRole(client: Client, { name, level, permits = [] }: Given): Promise<string> {
  const roleId = made(await client.mutate('createRole', { name, level }, 'role { id }'), 'role');
  for (const permit of permits) {
    const [permission, conditions] = typeof permit === 'string' ? [permit, null] : permit;
    await permitTo(client, roleId, permission, conditions);
  }
  return roleId;
}

/** @returns the id of the permission */
export async function permitTo(
  client: Client,
  roleId: string,
  permission: string,
  conditions: object | null = null,
): Promise<string> {
  const [resource, action] = permission.split(':');
  return made(
    await client.mutate('addPermission', { roleId, resource, action, conditions }, 'permission { id }'),
    'permission',
  );
}

/** @returns the id of the grant */
export async function give(
  client: Client,
  holder: Client,
  roleId: string,
  expiresAt: string | null = null,
): Promise<string> {
  const input = { userId: holder.userId, roleId, expiresAt };
  return made(await client.mutate('grantRole', input, 'grant { id }'), 'grant');
}
