import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/core';
import { Session } from './session.entity.js';

/** One refresh token of a session's lineage. All are kept while the session can live, so that reuse is seen. */
@Entity({ tableName: 'refresh_tokens' })
export class RefreshToken {
  @PrimaryKey({ columnType: 'bytea' })
  tokenHash!: Buffer;

  @Index()
  @ManyToOne({ entity: () => Session, mapToPk: true, deleteRule: 'cascade', fieldName: 'session_id' })
  sessionId!: string;

  @Index()
  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  /** When it was exchanged for its successor; null for the one that is current. */
  @Property({ columnType: 'timestamptz', nullable: true })
  usedAt?: Date | null;

  /** Hash of the token it was exchanged for. */
  @Property({ columnType: 'bytea', nullable: true })
  successorHash?: Buffer | null;
}
