import { listUsers, OrderDirection, UserOrderField } from '../accounts/list-users.js';
import type { UserRow } from '../accounts/user-rows.js';
import { loadConfig } from '../config.js';
import { withServices } from '../open-services.js';
import type { Environment } from './command.js';
import { cell, instant, type Output } from './output.js';
import { readingAll } from './reading-all.js';

export interface UserListing {
  readonly search?: string;
  readonly role?: string;
  readonly active?: boolean;
  readonly deactivated?: boolean;
}

const orderBy = { field: UserOrderField.USERNAME, direction: OrderDirection.ASC };
const pageSize = 100;
const shownFields = [
  'username',
  'email',
  'isActive',
  'isVerified',
  'isAdmin',
  'createdAt',
  'lastLoginAt',
  'roles',
] as const;
const fields: ReadonlySet<string> = new Set(shownFields);

/** Prints one line per account, in the order of the names. */
export async function printUsers(env: Environment, options: UserListing, output: Output): Promise<void> {
  const { search, role, active, deactivated } = options;
  const isActive = active === deactivated ? undefined : active === true;
  const query = { search, filter: { role, isActive }, orderBy, fields };
  await withServices(loadConfig(env), async (services) => {
    const operation = await readingAll(services);
    for (let after: string | undefined; ; ) {
      const { edges, hasMore } = await listUsers(operation, query, { first: pageSize, after });
      for (const { node } of edges) print(node, output);
      after = edges.at(-1)?.cursor;
      if (!hasMore) return;
    }
  });
}

function print(user: UserRow, output: Output): void {
  const { id, username, email, isActive, isVerified, isAdmin, createdAt, lastLoginAt = null } = user;
  const roles = (user.roles ?? []).map(({ name }) => name).sort();
  const marks = [
    ...(isAdmin ? ['administrator'] : []),
    ...(isActive ? [] : ['deactivated']),
    ...(isVerified ? [] : ['unverified']),
  ];
  const seen = `last sign-in ${instant(lastLoginAt)}`;
  const holds = [...marks, ...roles].map((text) => cell(text)).join(', ');
  output.print(
    { id, username, email, isActive, isVerified, isAdmin, roles, createdAt, lastLoginAt },
    `${id}  ${cell(username, 24)}  ${cell(email, 32)}  ${seen}  ${holds}`,
  );
}
