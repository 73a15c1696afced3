import type { Operation } from '../operation.js';

export interface ListedKey {
  readonly id: string;
  readonly createdAt: Date;
  /** Null for the current signing key. */
  readonly retiresAt: Date | null;
}

/** The keys that verify tokens, newest first. */
export function listSigningKeys({ services }: Operation): Promise<ListedKey[]> {
  return services.database.sql.rows<ListedKey>(
    `select id, created_at as "createdAt", retires_at as "retiresAt" from signing_keys
     where retires_at is null or retires_at > $1 order by created_at desc, id`,
    [services.clock.now()],
  );
}
