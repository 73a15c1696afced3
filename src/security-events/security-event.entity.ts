import { randomUUID } from 'node:crypto';
import { Entity, Index, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';
import type { SecurityEventType } from './event-types.js';

/**
 * A security event, written in the transaction of the change that it reports. Users and sessions are ids without
 * foreign keys, because events outlive them.
 */
@Entity({ tableName: 'security_events' })
@Index({ properties: ['subjectId', 'sequence'] })
@Index({
  name: 'security_events_unsequenced',
  expression: 'create index "security_events_unsequenced" on "security_events" ("position") where "sequence" is null',
})
export class SecurityEvent {
  [OptionalProps]?: 'id' | 'position';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  /** Order of insertion. Has gaps, and transactions may commit in another order, so clients never see it. */
  @Property({ type: 'bigint', autoincrement: true })
  position?: string;

  /** Gap-free order of publication, assigned by the sequencer after the commit; null until then. */
  @Property({ type: 'bigint', nullable: true, unique: true })
  sequence?: string | null;

  @Property({ type: 'text' })
  type!: SecurityEventType;

  @Property({ columnType: 'timestamptz' })
  occurredAt!: Date;

  @Property({ type: 'uuid', nullable: true })
  actorId?: string | null;

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
