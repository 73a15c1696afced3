import { randomUUID } from 'node:crypto';
import { Entity, Index, ManyToOne, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';
import { Role } from './role.entity.js';

/**
 * A role granted to a user: by whom, and until when. Rows are kept: granting again after the end makes a new row. Names
 * the entity `User` as text, because access/ must not import accounts/.
 */
@Entity({ tableName: 'role_grants' })
@Index({
  name: 'role_grants_expiring',
  expression:
    'create index "role_grants_expiring" on "role_grants" ("expires_at") where "expires_at" is not null and "revoked_at" is null and "expiry_announced_at" is null',
})
@Index({
  name: 'role_grants_expired',
  expression:
    'create index "role_grants_expired" on "role_grants" ("expires_at") where "expires_at" is not null and "revoked_at" is null and "expiry_recorded_at" is null',
})
@Index({
  name: 'role_grants_role_id_user_id_index',
  expression:
    'create index "role_grants_role_id_user_id_index" on "role_grants" ("role_id", "user_id") include ("granted_at", "expires_at", "revoked_at")',
})
export class RoleGrant {
  [OptionalProps]?: 'id';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  @Index()
  @ManyToOne({ entity: 'User', mapToPk: true, deleteRule: 'cascade', fieldName: 'user_id' })
  userId!: string;

  @ManyToOne({ entity: () => Role, mapToPk: true, deleteRule: 'cascade', fieldName: 'role_id' })
  roleId!: string;

  @Property({ columnType: 'timestamptz' })
  grantedAt!: Date;

  /** Null: granted by the service. No foreign key, so it stays when the account is deleted. */
  @Property({ type: 'uuid', nullable: true })
  grantedById?: string | null;

  @Property({ columnType: 'timestamptz', nullable: true })
  expiresAt?: Date | null;

  @Property({ columnType: 'timestamptz', nullable: true })
  revokedAt?: Date | null;

  @Property({ type: 'uuid', nullable: true })
  revokedById?: string | null;

  /** When the holder was notified that the grant ends soon. */
  @Property({ columnType: 'timestamptz', nullable: true })
  expiryAnnouncedAt?: Date | null;

  /** When the security event about its expiry was recorded. */
  @Property({ columnType: 'timestamptz', nullable: true })
  expiryRecordedAt?: Date | null;
}
