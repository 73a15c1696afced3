import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/core';
import { User } from '../../accounts/user.entity.js';

/** A single-use way past a lost authenticator (NIST SP 800-63B-4, look-up secrets). Only its hash is kept. */
@Entity({ tableName: 'recovery_codes' })
export class RecoveryCode {
  @PrimaryKey({ columnType: 'bytea' })
  codeHash!: Buffer;

  @Index()
  @ManyToOne({ entity: () => User, mapToPk: true, deleteRule: 'cascade', fieldName: 'user_id' })
  userId!: string;

  @Property({ columnType: 'timestamptz', nullable: true })
  usedAt?: Date | null;
}
