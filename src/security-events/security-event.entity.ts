import { randomUUID } from 'node:crypto';
import { Entity, Index, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';
import type { SecurityEventType } from './event-types.js';

/**
 * Something that happened, written in the transaction that made it happen. Users and sessions
 * are plain ids without a foreign key: the trail outlives what it tells of.
 */
@Entity({ tableName: 'security_events' })
@Index({
  name: 'security_events_unsequenced',
  expression: 'create index "security_events_unsequenced" on "security_events" ("position") where "sequence" is null',
})
export class SecurityEvent {
  [OptionalProps]?: 'id' | 'position';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  /** Order of insertion; has gaps and late commits, so readers never see it. */
  @Property({ type: 'bigint', autoincrement: true })
  position?: string;

  /** Gap-free order of publication, given by the sequencer once the row is committed. */
  @Property({ type: 'bigint', nullable: true, unique: true })
  sequence?: string | null;

  @Property({ type: 'text' })
  type!: SecurityEventType;

  @Property({ columnType: 'timestamptz' })
  occurredAt!: Date;

  @Property({ type: 'uuid', nullable: true })
  actorId?: string | null;

  @Index()
  @Property({ type: 'uuid', nullable: true })
  subjectId?: string | null;

  @Property({ type: 'uuid', nullable: true })
  sessionId?: string | null;

  @Property({ type: 'text', nullable: true })
  ipAddress?: string | null;

  @Property({ type: 'text', nullable: true })
  userAgent?: string | null;

  @Property({ type: 'json' })
  details!: Record<string, unknown>;
}
