import { Entity, Index, OneToOne, Property } from '@mikro-orm/core';
import { User } from '../../accounts/user.entity.js';

/** A user's authenticator (RFC 6238). It takes effect once its first code has confirmed it. */
@Entity({ tableName: 'two_factors' })
@Index({
  name: 'two_factors_unconfirmed',
  expression: 'create index "two_factors_unconfirmed" on "two_factors" ("created_at") where "confirmed_at" is null',
})
export class TwoFactor {
  @OneToOne({ entity: () => User, primary: true, mapToPk: true, deleteRule: 'cascade', fieldName: 'user_id' })
  userId!: string;

  /** The Base32 secret, encrypted with a key derived from APP_SECRET. */
  @Property({ columnType: 'bytea', lazy: true, hidden: true })
  sealedSecret!: Buffer;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  @Property({ columnType: 'timestamptz', nullable: true })
  confirmedAt?: Date | null;

  /** Time step of the last accepted code. Codes of this and earlier steps are refused. */
  @Property({ type: 'integer', default: 0 })
  lastStep = 0;
}
