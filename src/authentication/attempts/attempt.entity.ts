import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/core';

/**
 * Attempts to prove one thing. Each takes its place before it is looked at, and keeps it when it was wrong. Names that nobody has are counted
 * like those that somebody has, so that neither the answer nor its time tells which is which.
 */
@Entity({ tableName: 'attempts' })
export class Attempt {
  /** Factor and account, with the device where it has a budget of its own; or the keyed digest of an unknown name. */
  @PrimaryKey({ type: 'text' })
  key!: string;

  /** No foreign key: checking one would take longer for a name that somebody has. */
  @Index()
  @Property({ type: 'uuid', nullable: true })
  userId?: string | null;

  /** Failed ones; a success starts anew. */
  @Property({ type: 'integer' })
  count!: number;

  /** Those under way: until when each holds its place, in milliseconds since 1970, by its id. */
  @Property({ type: 'json', defaultRaw: `'{}'` })
  pending: Record<string, number> = {};

  @Property({ columnType: 'timestamptz', nullable: true })
  lockedUntil?: Date | null;

  /** When the count is forgotten. */
  @Index()
  @Property({ columnType: 'timestamptz' })
  expiresAt!: Date;
}
