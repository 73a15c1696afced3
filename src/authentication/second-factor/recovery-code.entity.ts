import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/core';
import { User } from '../../accounts/user.entity.js';

/**
 * A single-use code for when the authenticator is lost (look-up secret, NIST SP 800-63B-4). Only its hash is stored.
 */
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
