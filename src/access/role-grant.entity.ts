import { randomUUID } from 'node:crypto';
import { Entity, Index, ManyToOne, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';
import { Role } from './role.entity.js';

/**
 * A role given to a user, by whom, until when. Rows are never overwritten: a grant given again
 * after its end is a new row. The users are named by table, since accounts/ stands above access/.
 */
@Entity({ tableName: 'role_grants' })
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

  /** Null: given by the system, or by an account that is gone. */
  @ManyToOne({ entity: 'User', mapToPk: true, nullable: true, deleteRule: 'set null', fieldName: 'granted_by_id' })
  grantedById?: string | null;

  @Property({ columnType: 'timestamptz', nullable: true })
  expiresAt?: Date | null;

  @Property({ columnType: 'timestamptz', nullable: true })
  revokedAt?: Date | null;

  @ManyToOne({ entity: 'User', mapToPk: true, nullable: true, deleteRule: 'set null', fieldName: 'revoked_by_id' })
  revokedById?: string | null;
}
