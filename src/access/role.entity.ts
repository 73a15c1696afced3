import { randomUUID } from 'node:crypto';
import { Entity, Index, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

/** Rows stay when a role is deleted, so that the past can be asked. */
@Entity({ tableName: 'roles' })
export class Role {
  [OptionalProps]?: 'id' | 'isSystem';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  /** As it was written; names that differ in case alone are one. */
  @Property({ type: 'text' })
  @Index({
    name: 'roles_name_unique',
    expression: 'create unique index "roles_name_unique" on "roles" (lower("name")) where "deleted_at" is null',
  })
  name!: string;

  @Property({ type: 'text', nullable: true })
  description?: string | null;

  /** Higher outranks lower; the system roles are user (0) and admin (100). */
  @Property({ type: 'integer' })
  level!: number;

  @Property({ type: 'boolean', default: false })
  isSystem = false;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  @Property({ columnType: 'timestamptz' })
  updatedAt!: Date;

  /** From then on its grants and permissions count for nothing. */
  @Property({ columnType: 'timestamptz', nullable: true })
  deletedAt?: Date | null;
}
