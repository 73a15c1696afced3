import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/core';
import { User } from '../../accounts/user.entity.js';

/** Between the password and the code of one sign-in. It is deleted when it is used. */
@Entity({ tableName: 'two_factor_challenges' })
export class TwoFactorChallenge {
  @PrimaryKey({ columnType: 'bytea' })
  tokenHash!: Buffer;

  @Index()
  @ManyToOne({ entity: () => User, mapToPk: true, deleteRule: 'cascade', fieldName: 'user_id' })
  userId!: string;

  /** What the sign-in asked for, kept until it is complete. */
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
