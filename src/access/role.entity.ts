import { randomUUID } from 'node:crypto';
import { Entity, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

@Entity({ tableName: 'roles' })
export class Role {
  [OptionalProps]?: 'id' | 'isSystem';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  /** Normalized like a username. */
  @Property({ type: 'text', unique: true })
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
}
