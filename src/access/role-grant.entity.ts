import { randomUUID } from 'node:crypto';
import { Entity, Index, ManyToOne, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';
import { Role } from './role.entity.js';

/**
 * A role given to a user, by whom, until when. Rows are never overwritten: a grant given again
 * after its end is a new row. The users are named by table, since accounts/ stands above access/.
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
export class RoleGrant {
  [OptionalProps]?: 'id';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  @Index()
  @ManyToOne({ entity: 'User', mapToPk: true, deleteRule: 'cascade', fieldName: 'user_id' })
  userId!: string;

  @Index()
  @ManyToOne({ entity: () => Role, mapToPk: true, deleteRule: 'cascade', fieldName: 'role_id' })
  roleId!: string;

  @Property({ columnType: 'timestamptz' })
  grantedAt!: Date;

  /** Null: given by the system. Not a reference: it stays when the account is gone. */
  @Property({ type: 'uuid', nullable: true })
  grantedById?: string | null;

  @Property({ columnType: 'timestamptz', nullable: true })
  expiresAt?: Date | null;

  @Property({ columnType: 'timestamptz', nullable: true })
  revokedAt?: Date | null;

  @Property({ type: 'uuid', nullable: true })
  revokedById?: string | null;

  /** When the holder was told that it ends soon. */
  @Property({ columnType: 'timestamptz', nullable: true })
  expiryAnnouncedAt?: Date | null;

  /** When it was put on record that it has ended by itself. */
  @Property({ columnType: 'timestamptz', nullable: true })
  expiryRecordedAt?: Date | null;
}
