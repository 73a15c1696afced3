import { Entity, Index, ManyToOne, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';
import { User } from './user.entity.js';

/** How an account stood since when, as far as decisions ask: the latest row before an instant tells of that instant. */
@Entity({ tableName: 'account_states' })
export class AccountState {
  [OptionalProps]?: 'serial';

  /** Tells which came later when two have the same instant. */
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  serial!: string;

  @Index()
  @ManyToOne({ entity: () => User, mapToPk: true, deleteRule: 'cascade', fieldName: 'user_id' })
  userId!: string;

  @Property({ columnType: 'timestamptz' })
  since!: Date;

  @Property({ type: 'text' })
  email!: string;

  @Property({ type: 'boolean' })
  isActive!: boolean;

  @Property({ type: 'boolean' })
  isAdmin!: boolean;
}
