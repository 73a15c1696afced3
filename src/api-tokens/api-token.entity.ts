import { randomUUID } from 'node:crypto';
import { Entity, Index, ManyToOne, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

/** A credential for scripts. It acts for its owner within its scopes. Only the hash is stored. */
@Entity({ tableName: 'api_tokens' })
@Index({
  name: 'api_tokens_newest',
  expression: 'create index "api_tokens_newest" on "api_tokens" ("created_at", "id")',
})
@Index({
  name: 'api_tokens_over',
  expression: 'create index "api_tokens_over" on "api_tokens" (least("revoked_at", "expires_at"))',
})
export class ApiToken {
  [OptionalProps]?: 'id';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  @Index()
  @ManyToOne({ entity: 'User', mapToPk: true, deleteRule: 'cascade', fieldName: 'user_id' })
  userId!: string;

  @Property({ type: 'text' })
  name!: string;

  @Property({ columnType: 'bytea', unique: true, lazy: true, hidden: true })
  tokenHash!: Buffer;

  /** Each is `resource:action` or `resource:*`. */
  @Property({ columnType: 'text[]' })
  scopes!: string[];

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  @Property({ columnType: 'timestamptz', nullable: true })
  expiresAt?: Date | null;

  /** Written at intervals, not with each request. */
  @Property({ columnType: 'timestamptz', nullable: true })
  lastUsedAt?: Date | null;

  @Property({ columnType: 'timestamptz', nullable: true })
  revokedAt?: Date | null;
}
