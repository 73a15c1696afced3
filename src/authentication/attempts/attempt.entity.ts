import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/core';

/**
 * Attempts at one proof. An attempt reserves its place before the password or code is verified, and keeps it if that
 * was wrong. Names without an account are counted like others, so that neither the answer nor its duration reveals
 * which names exist.
 */
@Entity({ tableName: 'attempts' })
@Index({
  name: 'attempts_locked',
  expression:
    'create index "attempts_locked" on "attempts" ("locked_until") where "locked_until" is not null and "user_id" is not null',
})
export class Attempt {
  /** Factor and account, followed by the device if it has its own count; or the keyed digest of an unknown name. */
  @PrimaryKey({ type: 'text' })
  key!: string;

  /** No foreign key: checking it would take longer for a name that has an account. */
  @Index()
  @Property({ type: 'uuid', nullable: true })
  userId?: string | null;

  /** Wrong attempts; a success resets it. */
  @Property({ type: 'integer' })
  count!: number;

  /** Reservations of running attempts: when each expires, in milliseconds since 1970, by its id. */
  @Property({ type: 'json', defaultRaw: `'{}'` })
  pending: Record<string, number> = {};

  @Property({ columnType: 'timestamptz', nullable: true })
  lockedUntil?: Date | null;

  /** When the row may be deleted. */
  @Index()
  @Property({ columnType: 'timestamptz' })
  expiresAt!: Date;
}
