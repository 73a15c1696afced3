import { randomUUID } from 'node:crypto';
import { Entity, ManyToOne, OptionalProps, PrimaryKey, Property, Unique } from '@mikro-orm/core';
import { Role } from './role.entity.js';

/** One thing a role may do: an action on a resource, under conditions. */
@Entity({ tableName: 'permissions' })
@Unique({ properties: ['roleId', 'resource', 'action'] })
export class Permission {
  [OptionalProps]?: 'id';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  @ManyToOne({ entity: () => Role, mapToPk: true, deleteRule: 'cascade', fieldName: 'role_id' })
  roleId!: string;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text' })
  resource!: string;

  @Property({ type: 'text' })
  action!: string;

  /** MongoDB-style predicate; null allows all. */
  @Property({ type: 'json', nullable: true })
  conditions?: Record<string, unknown> | null;
}
