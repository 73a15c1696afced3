import { randomUUID } from 'node:crypto';
import { Entity, Index, ManyToOne, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';
import { Role } from './role.entity.js';

/**
 * An action on a resource that a role permits, under conditions. Rows are never changed; removing one sets `removedAt`.
 */
@Entity({ tableName: 'permissions' })
@Index({
  name: 'permissions_unique',
  expression:
    'create unique index "permissions_unique" on "permissions" ("role_id", "resource", "action") where "removed_at" is null',
})
export class Permission {
  [OptionalProps]?: 'id';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  @Index()
  @ManyToOne({ entity: () => Role, mapToPk: true, deleteRule: 'cascade', fieldName: 'role_id' })
  roleId!: string;

  @Property({ type: 'text' })
  name!: string;

  /** `*` means any. */
  @Property({ type: 'text' })
  resource!: string;

  /** `*` means any. */
  @Property({ type: 'text' })
  action!: string;

  /** MongoDB-style predicate; null applies to everything. */
  @Property({ type: 'json', nullable: true })
  conditions?: Record<string, unknown> | null;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  @Property({ columnType: 'timestamptz', nullable: true })
  removedAt?: Date | null;
}
