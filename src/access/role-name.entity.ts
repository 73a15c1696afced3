import { Entity, Index, ManyToOne, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';
import { Role } from './role.entity.js';

/** History of a role's names: conditions may refer to role names, also in decisions about a past instant. */
@Entity({ tableName: 'role_names' })
export class RoleName {
  [OptionalProps]?: 'serial';

  /** Tells which of two changes at the same instant came later. */
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
