import { gatehouse } from '../../session';
import type { Conditions } from './conditions';
import { ConsoleRoleDocument, type ConsoleRoleQuery } from './operations';

type Role = NonNullable<ConsoleRoleQuery['role']>;

export interface Permission {
  readonly id: string;
  readonly name: string;
  readonly resource: string;
  readonly action: string;
  readonly conditions: Conditions | null;
}

/** A role with all its permissions. */
export type EditedRole = Omit<Role, 'permissionsConnection'> & { readonly permissions: readonly Permission[] };

/** @returns null when there is no such role @throws GatehouseError */
export async function loadRole(id: string): Promise<EditedRole | null> {
  const permissions: Permission[] = [];
  for (let after: string | null = null; ; ) {
    const answer: ConsoleRoleQuery = await gatehouse.request(ConsoleRoleDocument, { id, after });
    const { role } = answer;
    if (!role) return null;
    const { permissionsConnection: page, ...facts }: Role = role;
    permissions.push(...(page.nodes as readonly Permission[]));
    if (!page.pageInfo.hasNextPage) return { ...facts, permissions };
    after = page.pageInfo.endCursor ?? null;
  }
}
