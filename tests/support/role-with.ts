import type { Harness } from './harness.js';

/** Permissions of a role as `resource:action`, each with its conditions or null. */
export type Permits = Record<string, object | null>;

/** Creates a role directly in the database, without the checks of the API. @returns its id */
export async function roleWith({ app }: Harness, name: string, level: number, permits: Permits): Promise<string> {
  const { database, clock, signals } = app.services;
  const now = clock.now();
  const row = await database.sql.row<{ id: string }>(
    `insert into roles (id, name, level, is_system, created_at, updated_at)
     values (gen_random_uuid(), $1, $2, false, $3, $3) returning id`,
    [name, level, now],
  );
  const id = String(row?.id);
  for (const [permission, conditions] of Object.entries(permits)) {
    const [resource = '', action = ''] = permission.split(':');
    await database.sql.rows(
      `insert into permissions (id, role_id, name, resource, action, conditions, created_at)
       values (gen_random_uuid(), $1, $2, $3, $4, $5::jsonb, $6)`,
      [id, permission, resource, action, conditions && JSON.stringify(conditions), now],
    );
  }
  signals.announce('roles');
  return id;
}
