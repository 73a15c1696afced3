import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/core';
import { User } from '../../accounts/user.entity.js';

/** State of a sign-in between the password and the code. Deleted when it is used. */
@Entity({ tableName: 'two_factor_challenges' })
export class TwoFactorChallenge {
  @PrimaryKey({ columnType: 'bytea' })
  tokenHash!: Buffer;

  @Index()
  @ManyToOne({ entity: () => User, mapToPk: true, deleteRule: 'cascade', fieldName: 'user_id' })
  userId!: string;

  /** Options of the sign-in, kept until it is completed. */
  @Property({ type: 'boolean' })
  isRemembered!: boolean;

  @Property({ type: 'boolean' })
  usesCookie!: boolean;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  @Index()
  @Property({ columnType: 'timestamptz' })
  expiresAt!: Date;
}
