import { randomUUID } from 'node:crypto';
import { Entity, Index, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

/** A role. Rows are kept when a role is deleted, so that past decisions can be explained. */
@Entity({ tableName: 'roles' })
export class Role {
  [OptionalProps]?: 'id' | 'isSystem' | 'version';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  /** As entered; unique without regard to case. */
  @Property({ type: 'text' })
  @Index({
    name: 'roles_name_unique',
    expression: 'create unique index "roles_name_unique" on "roles" (lower("name")) where "deleted_at" is null',
  })
  name!: string;

  @Property({ type: 'text', nullable: true })
  description?: string | null;

  /** Roles of a higher level outrank those of a lower one; the system roles are user (0) and admin (100). */
  @Property({ type: 'integer' })
  level!: number;

  @Property({ type: 'boolean', default: false })
  isSystem = false;

  /** Rises with each change of the role or its permissions. */
  @Property({ type: 'integer', default: 1 })
  version = 1;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  @Property({ columnType: 'timestamptz' })
  updatedAt!: Date;

  /** From then on its grants and permissions have no effect. */
  @Property({ columnType: 'timestamptz', nullable: true })
  deletedAt?: Date | null;
}
