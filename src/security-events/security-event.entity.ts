import { randomUUID } from 'node:crypto';
import { Entity, Index, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';
import type { SecurityEventType } from './event-types.js';

/**
 * A security event that is not yet published, written in the transaction of the change that it reports. The sequencer moves
 * it to `security_events`. Users and sessions are ids without foreign keys, because events outlive them.
 */
@Entity({ tableName: 'security_event_outbox' })
@Index({ properties: ['writtenBy', 'position'] })
export class SecurityEvent {
  [OptionalProps]?: 'id' | 'position' | 'writtenBy';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  /** Order of insertion. Has gaps, and transactions may commit in another order, so clients never see it. */
  @Property({ type: 'bigint', autoincrement: true })
  position?: string;

  /** The transaction; the sequencer need not look again at what ended before its last look. */
  @Property({ columnType: 'xid8', defaultRaw: 'pg_current_xact_id()' })
  writtenBy?: string;

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

  /** Id of the request, as in the log. */
  @Property({ type: 'text', nullable: true })
  requestId?: string | null;

  @Property({ type: 'json' })
  details!: Record<string, unknown>;
}
