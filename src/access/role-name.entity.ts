import { Entity, Index, ManyToOne, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';
import { Role } from './role.entity.js';

/** What a role was called since when: conditions may ask for the names of roles, also at a past instant. */
@Entity({ tableName: 'role_names' })
export class RoleName {
  [OptionalProps]?: 'serial';

  /** Tells which came later when two have the same instant. */
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  serial!: string;

  @Index()
  @ManyToOne({ entity: () => Role, mapToPk: true, deleteRule: 'cascade', fieldName: 'role_id' })
  roleId!: string;

  @Property({ type: 'text' })
  name!: string;

  @Property({ columnType: 'timestamptz' })
  since!: Date;
}
