import type { EntityManager } from '@mikro-orm/postgresql';
import type { Operation } from '../operation.js';
import { SecurityEventType } from './event-types.js';
import { SecurityEvent } from './security-event.entity.js';

export interface Happening {
  readonly type: keyof typeof SecurityEventType;
  /** The user it happened to. */
  readonly subjectId?: string | undefined;
  /** The user who did it, where that is not the caller. */
  readonly actorId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** Small and free of secrets: administrators read it. */
  readonly details?: Record<string, unknown>;
}

/** Writes a security event in the transaction of what it reports, so that neither exists without the other. */
export function record(em: EntityManager, operation: Operation, happening: Happening): void {
  const { client, caller, services } = operation;
  em.create(
    SecurityEvent,
    {
      type: SecurityEventType[happening.type],
      occurredAt: services.clock.now(),
      actorId: happening.actorId ?? caller?.userId ?? null,
      subjectId: happening.subjectId ?? null,
      sessionId: happening.sessionId ?? caller?.sessionId ?? null,
      ipAddress: client.address,
      userAgent: client.userAgent,
      // Who reads of a stolen API token must find what was done with it.
      details: { ...happening.details, ...(caller?.apiToken && { apiTokenId: caller.apiToken.id }) },
    },
    { persist: true },
  );
}
