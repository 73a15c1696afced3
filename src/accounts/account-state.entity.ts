import { Entity, Index, ManyToOne, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';
import { User } from './user.entity.js';

/** History of what decisions need to know of an account. The latest row before an instant holds for that instant. */
@Entity({ tableName: 'account_states' })
@Index({
  name: 'account_states_administrators',
  expression: 'create index "account_states_administrators" on "account_states" ("user_id") where "is_admin"',
})
export class AccountState {
  [OptionalProps]?: 'serial';

  /** Orders rows of the same instant. */
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
