import { randomUUID } from 'node:crypto';
import { Entity, Index, ManyToOne, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

/** Why a session ended. */
export type SessionEnd =
  | 'LOGOUT'
  | 'EXPIRED'
  | 'REFRESH_TOKEN_REUSED'
  | 'REVOKED'
  | 'PASSWORD_CHANGED'
  | 'PASSWORD_RESET'
  | 'EMAIL_CHANGE_UNDONE'
  | 'REGISTRATION_DISOWNED'
  | 'DEACTIVATED'
  /** The account had more sessions than allowed when a new one was opened. */
  | 'SESSION_LIMIT'
  /** The database was restored from a backup. */
  | 'RESTORED';

/** One sign-in on one device. It is open until `endedAt` is set or `expiresAt` is reached. */
@Entity({ tableName: 'sessions' })
@Index({
  name: 'sessions_open_newest',
  expression: 'create index "sessions_open_newest" on "sessions" ("created_at", "id") where "ended_at" is null',
})
@Index({
  name: 'sessions_open_address',
  expression:
    'create index "sessions_open_address" on "sessions" ("ip_address", "created_at", "id") where "ended_at" is null',
})
export class Session {
  [OptionalProps]?: 'id' | 'tokenGeneration' | 'expiryCheckAt';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  @Index()
  @ManyToOne({ entity: 'User', mapToPk: true, deleteRule: 'cascade', fieldName: 'user_id' })
  userId!: string;

  @Property({ type: 'text', nullable: true })
  ipAddress?: string | null;

  @Property({ type: 'text', nullable: true })
  userAgent?: string | null;

  /** Whether the longer lifetimes of "remember me" apply. */
  @Property({ type: 'boolean' })
  isRemembered!: boolean;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  /** When the user last proved who they are again (`reauthenticate`); null: not since the sign-in. */
  @Property({ columnType: 'timestamptz', nullable: true })
  reauthenticatedAt?: Date | null;

  @Property({ columnType: 'timestamptz' })
  lastUsedAt!: Date;

  /** Extended with each refresh, but never beyond the absolute lifetime. Not indexed: each refresh would write into the index. */
  @Property({ columnType: 'timestamptz' })
  expiresAt!: Date;

  /**
   * When to look whether it has expired, at the latest `expiresAt`. Set when it is opened, and by that look when it was extended
   * meanwhile.
   */
  @Index({
    name: 'sessions_expiry_check',
    expression: 'create index "sessions_expiry_check" on "sessions" ("expiry_check_at") where "ended_at" is null',
  })
  @Property({ columnType: 'timestamptz', defaultRaw: "'-infinity'", lazy: true })
  expiryCheckAt?: Date;

  @Index({
    name: 'sessions_ended',
    expression: 'create index "sessions_ended" on "sessions" ("ended_at") where "ended_at" is not null',
  })
  @Property({ columnType: 'timestamptz', nullable: true })
  endedAt?: Date | null;

  @Property({ type: 'text', nullable: true })
  endReason?: SessionEnd | null;

  /** Hash of the current refresh token; null while that is one of before tokens named their session. */
  @Property({ columnType: 'bytea', nullable: true, lazy: true })
  tokenHash?: Buffer | null;

  /** How many times its refresh token has been exchanged since tokens name their session. */
  @Property({ columnType: 'integer', default: 0, lazy: true })
  tokenGeneration?: number;

  /** Hash of the token that was exchanged for the current one. */
  @Property({ columnType: 'bytea', nullable: true, lazy: true })
  previousTokenHash?: Buffer | null;

  /** When it was exchanged. */
  @Property({ columnType: 'timestamptz', nullable: true, lazy: true })
  tokenExchangedAt?: Date | null;
}
